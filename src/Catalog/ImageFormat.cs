using System.Buffers.Binary;

namespace Rosa.Catalog;

/// <summary>What a picture is, read from its own bytes: what its sender calls it counts for nothing.</summary>
readonly record struct ImageFormat(string ContentType, string Extension, int Width, int Height)
{
    /// <summary>Null when the bytes are no whole JPEG, PNG, WebP or GIF.</summary>
    public static ImageFormat? Recognise(ReadOnlySpan<byte> file)
    {
        var found = Jpeg(file) ?? Png(file) ?? WebP(file) ?? Gif(file);
        return found is { Width: > 0, Height: > 0 } ? found : null;
    }

    // ITU T.81 annex B: segments up to the frame header, which holds the size; the end of the image comes somewhere after it.
    static ImageFormat? Jpeg(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0xFF, 0xD8, 0xFF])) return null;
        var at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;   // a fill byte
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xDA)) return null;   // no frame before the scan
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (length < 8 || file[at..].LastIndexOf<byte>([0xFF, 0xD9]) < 0) return null;
                return new("image/jpeg", "jpg", BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            }
            at += 2 + length;
        }
        return null;
    }

    // PNG, third edition, §5: the header first, then chunks up to the end.
    static ImageFormat? Png(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) || file.Length < 33 || !file[8..].StartsWith<byte>([0, 0, 0, 13, .. "IHDR"u8])) return null;
        for (var at = 33L; at + 12 <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..8].SequenceEqual("IEND"u8)) return new("image/png", "png", Size(file[16..]), Size(file[20..]));
            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }
        return null;

        static int Size(ReadOnlySpan<byte> bytes) => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), int.MaxValue);
    }

    // RFC 9649 §2: a RIFF container; the size stands in the first chunk, in a way of its own in each kind.
    static ImageFormat? WebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WEBP"u8) || BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L > file.Length) return null;
        var kind = file[12..16];
        if (kind.SequenceEqual("VP8 "u8) && file[23..26].SequenceEqual<byte>([0x9D, 0x01, 0x2A]))
            return Of(BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF);
        if (kind.SequenceEqual("VP8L"u8) && file[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return Of((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1);
        }
        if (kind.SequenceEqual("VP8X"u8)) return Of(1 + Size24(file[24..]), 1 + Size24(file[27..]));
        return null;

        static ImageFormat? Of(int width, int height) => new("image/webp", "webp", width, height);
        static int Size24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
    }

    // GIF89a §18: the logical screen; the trailer ends it.
    static ImageFormat? Gif(ReadOnlySpan<byte> file)
    {
        if (file.Length < 14 || !(file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)) || file[13..].LastIndexOf((byte)0x3B) < 0) return null;
        return new("image/gif", "gif", BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));
    }
}
