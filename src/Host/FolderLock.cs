using System.Globalization;

namespace Rosa.Host;

/// <summary>
/// One Rosa a folder. The operating system holds the lock and drops it when the process ends, however it ends, so a file left
/// behind by <c>kill -9</c> locks nobody out. The number in the file only says whom to ask.
/// </summary>
sealed class FolderLock : IDisposable
{
    readonly FileStream file;

    FolderLock(FileStream file) => this.file = file;

    public static FolderLock Take(DataFolder folder)
    {
        FileStream file;
        try
        {
            file = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(folder.LockFile) && !StartProblem.SaysDiskIsFull(exception.Message))
        {
            var holder = Holder(folder) is { } pid ? $" (process {pid})" : "";
            throw new StartProblem($"Another Rosa{holder} uses {folder.Path}. Stop it with ./rosa down, or choose another folder with --data DIR.");
        }
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        file.Flush();
        return new FolderLock(file);
    }

    /// <summary>The process that wrote the file last, whether or not it still runs.</summary>
    public static int? Holder(DataFolder folder)
    {
        try
        {
            // Sharing everything takes no lock, so that looking never gets in anybody's way.
            using var stream = new FileStream(folder.LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return int.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        file.SetLength(0);
        file.Dispose();
    }
}
