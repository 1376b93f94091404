using Rosa.Host;

namespace Rosa.Cli.Load;

/// <summary>The databases of a Rosa whose data folder one may read, and with it the passwords.</summary>
sealed record DatabaseAccess(string DataFolder, int Port)
{
    /// <summary>A service's database with the rights, the socket and the settings that the service itself has.</summary>
    public string ConnectionString(string service) => ConnectionString(database: service, role: service);

    /// <summary>Any database, as the role that owns all of them.</summary>
    public string AsOwner(string database) => ConnectionString(database, PrivatePostgres.Owner);

    string ConnectionString(string database, string role)
    {
        var folder = new DataFolder(DataFolder);
        return new PrivatePostgres.Address(folder.SocketFolder, Port).ConnectionString(database, role, Secrets.Open(folder).Database(role));
    }
}
