namespace Rosa.Host.Tests;

public sealed class FolderLockTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_second_Rosa_on_the_folder_is_refused_and_told_who_has_it()
    {
        using var first = FolderLock.Take(folder.Data);
        var problem = Assert.Throws<StartProblem>(() => FolderLock.Take(folder.Data));
        Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_left_behind_lock_nobody_out()
    {
        File.WriteAllText(folder.Data.LockFile, "");
        File.WriteAllText(folder.Data.ProcessFile, "1\n");
        using var taken = FolderLock.Take(folder.Data);
        Assert.Equal(Environment.ProcessId, FolderLock.Holder(folder.Data));
    }
}
