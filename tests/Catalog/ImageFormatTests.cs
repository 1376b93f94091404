using System.Buffers.Binary;
using System.Text;

namespace Rosa.Catalog.Tests;

public sealed class ImageFormatTests
{
    public static TheoryData<byte[], string> Whole => new()
    {
        { Pictures.Jpeg, "image/jpeg" }, { Pictures.Png, "image/png" }, { Pictures.Gif, "image/gif" },
        { Pictures.LossyWebP, "image/webp" }, { Pictures.LosslessWebP, "image/webp" }, { Pictures.TransparentWebP, "image/webp" },
    };

    [Theory, MemberData(nameof(Whole))]
    public void A_picture_says_what_it_is_and_how_large(byte[] file, string contentType)
    {
        var format = ImageFormat.Recognise(file);
        Assert.Equal((contentType, 3, 2), (format?.ContentType, format?.Width, format?.Height));
    }

    [Theory, MemberData(nameof(Whole))]
    public void A_picture_that_breaks_off_is_none(byte[] file, string contentType)
    {
        for (var length = 0; length < file.Length - 1; length++) Assert.True(ImageFormat.Recognise(file.AsSpan(0, length)) is null, $"{contentType}, {length} of {file.Length} bytes");
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), InlineData("<html><script>alert(1)</script></html>"), InlineData("GIF89a"), InlineData("%PDF-1.7"), InlineData("BM..........................................")]
    public void What_is_no_picture_is_none(string text) => Assert.Null(ImageFormat.Recognise(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_picture_without_a_size_is_none()
    {
        var file = Pictures.Png.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), 0);
        Assert.Null(ImageFormat.Recognise(file));
    }

    [Fact]
    public void No_bytes_make_it_stumble()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var file = Whole.ElementAt(random.Next(Whole.Count)).Data.Item1.ToArray();
            for (var change = 0; change < 1 + random.Next(6); change++) file[random.Next(file.Length)] = (byte)random.Next(256);
            var failure = Record.Exception(() => ImageFormat.Recognise(file.AsSpan(0, random.Next(file.Length + 1))));
            Assert.True(failure is null, $"seed {seed}, round {round}: {failure}");
        }
    }
}
