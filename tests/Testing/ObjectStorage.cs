using System.Diagnostics;

namespace Rosa.Testing;

/// <summary>A real server that speaks S3 (s3rver), with one bucket.</summary>
public sealed class ObjectStorage : IAsyncDisposable
{
    public const string Bucket = "pictures", AccessKey = "S3RVER", SecretKey = "S3RVER";

    readonly Process process;
    readonly string folder;

    ObjectStorage(Process process, string folder, int port)
    {
        this.process = process;
        this.folder = folder;
        Endpoint = $"http://127.0.0.1:{port}";
    }

    public string Endpoint { get; }

    /// <summary>The names of what is stored.</summary>
    public IReadOnlyList<string> Names =>
        [.. Directory.GetFiles(Path.Combine(folder, Bucket), "*._S3rver_object").Select(path => Path.GetFileName(path)[..^"._S3rver_object".Length])];

    public static async Task<ObjectStorage> StartAsync()
    {
        var program = await NodeFolder.InstalledAsync("node-s3");
        var (folder, port) = (Directory.CreateTempSubdirectory("rosa-s3-").FullName, FreePorts.One());
        var start = new ProcessStartInfo("node", ["node_modules/s3rver/bin/s3rver.js", "-d", folder, "-a", "127.0.0.1", "-p", $"{port}", "--silent", "--configure-bucket", Bucket])
        {
            WorkingDirectory = program,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill(process);

        var storage = new ObjectStorage(process, folder, port);
        using var http = new HttpClient();
        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync(storage.Endpoint);
                return storage;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
        throw new TimeoutException("s3rver does not answer.");
    }

    static void Kill(Process process)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        Kill(process);
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }
}
