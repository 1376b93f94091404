using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="Url">Where it is served; it never changes under this address.</param>
public sealed record AddedImage(Guid ImageId, string Url, string ContentType, int Width, int Height);

/// <summary><c>POST /api/products/{productId}/images</c>: an employee uploads a picture.</summary>
static class AddImage
{
    const int LongestSide = 12_000;

    /// <summary>What the form around the file may add.</summary>
    public const int FormBytes = 64 * 1024;

    static readonly TimeSpan longestUpload = TimeSpan.FromHours(1);

    static readonly Problem notAnImage = new(ProblemKind.UnsupportedMediaType, "NOT_AN_IMAGE", "The file is no whole JPEG, PNG, WebP or GIF, whatever it is called.");

    static readonly Problem tooWide = new(ProblemKind.TooLarge, "IMAGE_TOO_LARGE", $"A picture is at most {LongestSide} pixels wide and high.");

    public static async Task<Results<Created<AddedImage>, ProblemHttpResult>> Handle(
        Guid productId, HttpRequest request, ServiceDatabase database, IImageStore store, IOptions<CatalogOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var limits = options.Value.Images;
        var (content, unreadable) = await ReadAsync(request, limits.LargestBytes, cancellationToken);
        if (unreadable is not null) return unreadable.ToResult();
        if (ImageFormat.Recognise(content.Span) is not { } format) return notAnImage.ToResult();
        if (format.Width > LongestSide || format.Height > LongestSide) return tooWide.ToResult();

        var image = new AddedImage(Guid.CreateVersion7(), Url: "", format.ContentType, format.Width, format.Height);
        image = image with { Url = ProductImages.Url(image.ImageId) };
        var name = $"{image.ImageId:n}.{format.Extension}";

        // The name is remembered before anything is stored under it, so that an upload that dies leaves nothing behind.
        await using (var remember = database.Source.CreateCommand(
            "insert into unused_images (name, due_at) select $2, $3 from products where product_id = $1 and withdrawn_at is null"))
        {
            remember.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            remember.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            remember.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() + longestUpload).UtcDateTime });
            if (await remember.ExecuteNonQueryAsync(cancellationToken) == 0) return Problem.NotFound("product").ToResult();
        }
        await store.SaveAsync(name, format.ContentType, content, cancellationToken);

        await using var transaction = await database.BeginAsync(cancellationToken);
        if (!await ProductImages.LockProductAsync(productId, transaction, cancellationToken)) return Problem.NotFound("product").ToResult();
        if (!await InsertAsync(productId, image, name, content.Length, limits.MostPerProduct, transaction, cancellationToken)) return ProductImages.TooMany.ToResult();
        await ProductImages.ChangedAsync(productId, transaction, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created(image.Url, image);
    }

    static async Task<(ReadOnlyMemory<byte> Content, Problem? Problem)> ReadAsync(HttpRequest request, int largest, CancellationToken cancellationToken)
    {
        try
        {
            var (file, problem) = await Upload.FileAsync(request, cancellationToken);
            if (file is null) return (default, problem);
            var content = new MemoryStream();
            var buffer = new byte[32 * 1024];
            while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (content.Length + read > largest) return (default, new Problem(ProblemKind.TooLarge, "TOO_LARGE", $"A picture has at most {largest} bytes."));
                content.Write(buffer, 0, read);
            }
            return (content.GetBuffer().AsMemory(0, (int)content.Length), null);
        }
        catch (Exception exception) when (Upload.IsUnreadable(exception))
        {
            return (default, Upload.Unreadable);
        }
    }

    static async Task<bool> InsertAsync(Guid productId, AddedImage image, string name, int bytes, int most, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            with used as (delete from unused_images where name = $3 returning name)
            insert into product_images (image_id, product_id, position, content_type, stored_as, width, height, bytes)
            select $1, $2, (select coalesce(max(position) + 1, 0) from product_images where product_id = $2), $4, used.name, $5, $6, $7
            from used
            where (select count(*) from product_images where product_id = $2) < $8
            """, transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = image.ImageId },
                new NpgsqlParameter<Guid> { TypedValue = productId },
                new NpgsqlParameter<string> { TypedValue = name },
                new NpgsqlParameter<string> { TypedValue = image.ContentType },
                new NpgsqlParameter<int> { TypedValue = image.Width },
                new NpgsqlParameter<int> { TypedValue = image.Height },
                new NpgsqlParameter<int> { TypedValue = bytes },
                new NpgsqlParameter<int> { TypedValue = most },
            },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
