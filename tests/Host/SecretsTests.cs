namespace Rosa.Host.Tests;

public sealed class SecretsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void They_are_made_once_and_stay_the_same()
    {
        var first = Secrets.Open(folder.Data);
        var made = (first.Database("orders"), first.Service("orders"), first.Login("admin"));
        first.Save();
        var second = Secrets.Open(folder.Data);
        Assert.Equal(made, (second.Database("orders"), second.Service("orders"), second.Login("admin")));
    }

    [Fact]
    public void Two_installations_have_nothing_in_common()
    {
        using var other = new TemporaryFolder();
        Assert.NotEqual(Secrets.Open(folder.Data).Login("admin").Password, Secrets.Open(other.Data).Login("admin").Password);
        Assert.NotEqual(Secrets.Open(folder.Data).Database("orders"), Secrets.Open(folder.Data).Database("catalog"));
    }

    [Fact]
    public void Their_owner_alone_may_read_them()
    {
        var secrets = Secrets.Open(folder.Data);
        _ = secrets.Login("admin");
        secrets.Save();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Data.Secrets));
    }

    [Fact]
    public void Lost_ones_are_not_replaced_beside_databases_that_need_them()
    {
        Directory.CreateDirectory(folder.Data.Cluster);
        File.WriteAllText(Path.Combine(folder.Data.Cluster, "PG_VERSION"), "15\n");
        Assert.Contains("reset", Assert.Throws<StartProblem>(() => Secrets.Open(folder.Data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"postgres\":")]
    public void A_damaged_file_is_named(string content)
    {
        File.WriteAllText(folder.Data.Secrets, content);
        Assert.Contains(folder.Data.Secrets, Assert.Throws<StartProblem>(() => Secrets.Open(folder.Data)).Message, StringComparison.Ordinal);
    }
}
