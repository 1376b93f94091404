namespace Rosa.Host.Distributed;

/// <summary><c>rosa roll [service]</c>: schema changes first, which code of before and of after both work with; then the supervisor replaces instances one by one.</summary>
static class Roll
{
    public static async Task<int> RunAsync(DataFolder folder, string? service, TextWriter to)
    {
        if (PostmasterFile.Read(folder) is not { } postgres || !postgres.IsRunning(folder)) throw new StartProblem($"No Rosa runs on {folder.Path}.");
        if (service is not null) _ = Services.Named([service]);
        var address = new PrivatePostgres.Address(postgres.SocketFolder, postgres.Port);
        await DistributedHost.MigrateAsync(service is null ? Services.All : Services.Named([service]), address, Secrets.Open(folder), CancellationToken.None);
        var code = await ControlSocket.AskAsync(folder, new RollRequest(service, AppContext.BaseDirectory), to);
        to.WriteLine("Every instance is new.");
        return code;
    }
}
