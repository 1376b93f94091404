using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>Where uploaded pictures lie. Names are our own: letters, digits and a dot.</summary>
interface IImageStore
{
    /// <summary>Returns when the picture is stored for good.</summary>
    Task SaveAsync(string name, string contentType, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The picture, or null when there is none of that name.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>May be repeated.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

/// <summary>A folder of this machine.</summary>
sealed class ImageFolder(IOptions<CatalogOptions> options) : IImageStore
{
    readonly string folder = Path.GetFullPath(options.Value.Images.Folder, AppContext.BaseDirectory);

    public async Task SaveAsync(string name, string contentType, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, name + ".new");
        await using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, Path.Combine(folder, name), overwrite: true);
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, useAsync: true));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) return Task.CompletedTask;
        File.Delete(Path.Combine(folder, name));
        File.Delete(Path.Combine(folder, name + ".new"));
        return Task.CompletedTask;
    }
}

/// <summary>A bucket of Amazon S3 or of anything that speaks its language (R2, MinIO).</summary>
sealed class ImageBucket(IOptions<CatalogOptions> options) : IImageStore, IDisposable
{
    readonly string bucket = options.Value.Images.S3.Bucket!;
    readonly AmazonS3Client s3 = Client(options.Value.Images.S3);

    static AmazonS3Client Client(S3Options options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            Timeout = TimeSpan.FromSeconds(10),
            MaxErrorRetry = 2,
            // Others than Amazon do not know the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { Length: > 0 } endpoint) config.ServiceURL = endpoint;
        else config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        return options.AccessKey is { Length: > 0 } accessKey ? new(new BasicAWSCredentials(accessKey, options.SecretKey), config) : new(config);
    }

    public Task SaveAsync(string name, string contentType, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => OrDownAsync(async () =>
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = name, ContentType = contentType, InputStream = stream, UseChunkEncoding = false }, cancellationToken);
        return true;
    });

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => OrDownAsync(async () =>
    {
        try
        {
            var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = name }, cancellationToken);
            return (Stream?)response.ResponseStream;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        OrDownAsync(() => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = name }, cancellationToken));

    static async Task<T> OrDownAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException)
        {
            throw new HttpRequestException("The image store does not answer.", exception);   // 503 where it is answered
        }
    }

    public void Dispose() => s3.Dispose();
}
