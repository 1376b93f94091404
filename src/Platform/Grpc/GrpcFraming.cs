using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Rosa.Platform.Grpc;

/// <summary>
/// Messages on the wire: one flag byte, the length as four bytes big-endian and unsigned, the Protobuf bytes
/// (grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message). How they are cut into HTTP/2 frames means nothing.
/// </summary>
static class GrpcFraming
{
    public const int PrefixSize = 5;

    /// <summary>Largest message in either direction, in bytes.</summary>
    public const int MessageLimit = 4 * 1024 * 1024;

    // Up to here a message is written in one piece, which Kestrel's 4 KB blocks can hold.
    const int OnePiece = 4096;

    /// <summary>Takes the next whole message off <paramref name="buffer"/>; false when more bytes are needed.</summary>
    /// <exception cref="GrpcException">The prefix is refused, before the message is waited for, or the message is not Protobuf.</exception>
    public static bool TryRead<T>(ref ReadOnlySequence<byte> buffer, MessageParser<T> parser, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        if (buffer.Length < PrefixSize) return false;

        Span<byte> copy = stackalloc byte[PrefixSize];
        scoped var prefix = buffer.FirstSpan;
        if (prefix.Length < PrefixSize)
        {
            buffer.Slice(0, PrefixSize).CopyTo(copy);
            prefix = copy;
        }

        var length = LengthFrom(prefix);
        if (buffer.Length - PrefixSize < length) return false;

        var body = buffer.Slice(PrefixSize, length);
        message = body.IsSingleSegment ? Parse(parser, body.FirstSpan) : Parse(parser, body);
        buffer = buffer.Slice(body.End);
        return true;
    }

    /// <summary>The length that a prefix announces.</summary>
    /// <exception cref="GrpcException">The message is compressed, which was not agreed on, or over the limit.</exception>
    public static int LengthFrom(ReadOnlySpan<byte> prefix)
    {
        if (prefix[0] != 0) throw new GrpcException(GrpcStatusCode.Internal, "The message is compressed, and no compression was agreed on.");

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > MessageLimit) throw TooLarge(length);

        return (int)length;
    }

    /// <summary>Writes prefix and message without flushing.</summary>
    /// <exception cref="GrpcException">The message is over the limit; nothing was written.</exception>
    public static void Write<T>(PipeWriter writer, T message) where T : class, IMessage<T>
    {
        var length = LengthOf(message);
        if (PrefixSize + length <= OnePiece)
        {
            WriteTo(writer.GetSpan(PrefixSize + length), message, length);
            writer.Advance(PrefixSize + length);
            return;
        }

        WritePrefix(writer.GetSpan(PrefixSize), length);
        writer.Advance(PrefixSize);
        message.WriteTo(writer);
    }

    /// <summary>Writes prefix and message to the start of <paramref name="target"/>, which has room for both.</summary>
    public static void WriteTo<T>(Span<byte> target, T message, int length) where T : class, IMessage<T>
    {
        WritePrefix(target, length);
        message.WriteTo(target.Slice(PrefixSize, length));
    }

    public static int LengthOf<T>(T message) where T : class, IMessage<T>
    {
        var length = message.CalculateSize();
        return length <= MessageLimit ? length : throw TooLarge(length);
    }

    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes) where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw Malformed(problem);
        }
    }

    static T Parse<T>(MessageParser<T> parser, ReadOnlySequence<byte> bytes) where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw Malformed(problem);
        }
    }

    static void WritePrefix(Span<byte> target, int length)
    {
        target[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], (uint)length);
    }

    static GrpcException TooLarge(long length) =>
        new(GrpcStatusCode.ResourceExhausted, $"A message of {length} bytes is over the limit of {MessageLimit}.");

    static GrpcException Malformed(InvalidProtocolBufferException problem) =>
        new(GrpcStatusCode.Internal, "The message is not valid Protobuf.", problem);
}
