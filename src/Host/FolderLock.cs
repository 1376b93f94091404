using System.Globalization;

namespace Rosa.Host;

/// <summary>
/// One Rosa a folder. The operating system holds the lock and drops it when the process ends, however it ends, so a file left
/// behind by <c>kill -9</c> locks nobody out. A second file only says whom to ask.
/// </summary>
sealed class FolderLock : IDisposable
{
    readonly FileStream file;

    readonly DataFolder folder;

    FolderLock(FileStream file, DataFolder folder) => (this.file, this.folder) = (file, folder);

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
        File.WriteAllText(folder.ProcessFile, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        return new FolderLock(file, folder);
    }

    /// <summary>The process that took the folder last, whether or not it still runs.</summary>
    public static int? Holder(DataFolder folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(folder.ProcessFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Delete(folder.ProcessFile);
        file.Dispose();
    }
}
