using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Rosa.Testing;

namespace Rosa.EndToEnd.Tests;

/// <summary>
/// The shop as its users run it: the host in a process of its own, with a private durable PostgreSQL, that can be killed on the
/// spot and started again on the same folder.
/// </summary>
public sealed class RunningShop : IAsyncDisposable
{
    static readonly JsonSerializerOptions json = JsonSerializerOptions.Web;

    readonly string parent = Directory.CreateTempSubdirectory("rosa-shop-").FullName;
    readonly int portOffset = FreePorts.Offset();
    readonly Dictionary<string, string> environment;
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 200 }) { Timeout = TimeSpan.FromSeconds(60) };
    readonly PeriodicTimer tokenAges = new(TimeSpan.FromMinutes(5));
    readonly bool demo;
    readonly string? scale;   // null for one process
    Process? process;
    LogTail? log;
    JsonElement rosaJson;

    RunningShop(Dictionary<string, string> environment, bool demo, string? scale) => (this.environment, this.demo, this.scale) = (environment, demo, scale);

    /// <summary>The same tests run twice: on one process, and (<c>ROSA_SHAPE=distributed</c>) on several instances of each service with a broker, a registry and Caddy.</summary>
    public static bool IsDistributed { get; } = Environment.GetEnvironmentVariable("ROSA_SHAPE") == "distributed";

    /// <summary>Whether this one runs as many processes.</summary>
    public bool HasManyProcesses => scale is not null;

    /// <summary>Where <c>./rosa</c> would have been run: the shop keeps everything in <c>.rosa</c> there.</summary>
    public string Folder => parent;

    public string Data => Path.Combine(parent, ".rosa");

    public Uri Gateway => new(rosaJson.GetProperty("gateway").GetString()!);

    public Uri Storefront => new(rosaJson.GetProperty("storefront").GetString()!);

    public Uri Backoffice => new(rosaJson.GetProperty("backoffice").GetString()!);

    public Uri ServiceAddress(string name) => new(rosaJson.GetProperty("services").GetProperty(name).GetProperty("http").GetString()!);

    public Uri GrpcAddress(string name) => new(rosaJson.GetProperty("services").GetProperty(name).GetProperty("grpc").GetString()!);

    /// <summary>Good for ten minutes yet: what all tests share lives longer than a token.</summary>
    public string EmployeeToken { get; private set; } = "";

    /// <summary>Starts an empty shop, or Mamie Rosa's. The rate limit is off, and a dead saga is taken up after two seconds instead of fifteen.</summary>
    public static Task<RunningShop> StartAsync(bool demo = false, params (string Name, string Value)[] environment) =>
        StartAsync(demo, IsDistributed ? "catalog=2,orders=2,storefront=1" : null, environment);

    /// <summary>Starts an empty shop that dies where it is told to: <see cref="ArmAsync"/>.</summary>
    public static Task<RunningShop> StartMortalAsync(params (string Name, string Value)[] environment) => StartAsync(demo: false, scale: null, environment, mortal: true);

    /// <summary>It dies when it comes to this point; when it is started again, it passes there.</summary>
    public Task ArmAsync(string point) => File.WriteAllTextAsync(Path.Combine(Armed, point), "");

    string Armed => Path.Combine(parent, "armed");

    /// <summary>Starts an empty shop as many processes, whatever <c>ROSA_SHAPE</c> says.</summary>
    /// <param name="scale">How many of which service, where not the usual number.</param>
    public static Task<RunningShop> StartDistributedAsync(string scale, params (string Name, string Value)[] environment) => StartAsync(demo: false, scale, environment);

    static async Task<RunningShop> StartAsync(bool demo, string? scale, (string Name, string Value)[] environment, bool mortal = false)
    {
        var shop = new RunningShop(new Dictionary<string, string>
        {
            ["Gateway__RateLimitPerMinute"] = "0",
            ["Gateway__RequestLog"] = "false",
            ["Orders__Lease"] = "00:00:02",
            ["Users__PasswordIterations"] = "1000",
        }, demo, scale);
        foreach (var (name, value) in environment) shop.environment[name] = value;
        if (mortal) shop.environment["ROSA_CRASH_FOLDER"] = Directory.CreateDirectory(shop.Armed).FullName;
        await shop.StartAgainAsync();
        _ = shop.RenewEmployeeTokenAsync();
        return shop;
    }

    /// <summary>Starts the host, for the first time or after a death, and waits until every service is ready.</summary>
    public async Task StartAgainAsync(params (string Name, string Value)[] additional)
    {
        string[] arguments =
        [
            RosaPrograms.Find("Rosa.Host.dll"), "up", "--detached", "--data", Data, "--port-offset", portOffset.ToString(CultureInfo.InvariantCulture),
            .. demo ? Array.Empty<string>() : ["--no-demo"], .. scale is not null ? ["--distributed", "--scale", scale] : Array.Empty<string>(),
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        foreach (var (name, value) in additional) start.Environment[name] = value;
        process = Process.Start(start)!;
        log = new LogTail(process);

        var path = Path.Combine(Data, "rosa.json");
        for (var wait = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            if (process.HasExited) throw new InvalidOperationException($"The host ended with {process.ExitCode}:\n{log}");
            if (wait.Elapsed > TimeSpan.FromSeconds(120)) throw new InvalidOperationException($"The host is not ready after 120 seconds:\n{log}");
            if (!File.Exists(path)) continue;
            rosaJson = JsonDocument.Parse(await File.ReadAllBytesAsync(path)).RootElement;
            if (rosaJson.GetProperty("processes").EnumerateArray().Any(entry => entry.GetProperty("pid").GetInt32() == process.Id)) break;
        }
        EmployeeToken = await LoginAsync("employee");
    }

    public bool HasEnded => process is null || process.HasExited;

    /// <summary>The last lines that the host wrote.</summary>
    public string LastWords => log?.ToString() ?? "";

    /// <summary>All lines that the host wrote since it was started, but for those of very long ago.</summary>
    public IReadOnlyList<string> Said => log?.Lines ?? [];

    public async Task EndedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process!.WaitForExitAsync(limit.Token);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await EndedAsync();
    }

    async Task RenewEmployeeTokenAsync()
    {
        while (await tokenAges.WaitForNextTickAsync())
        {
            try
            {
                EmployeeToken = await LoginAsync("employee");
            }
            catch (Exception)
            {
                // It is dead just now; its next start renews the token.
            }
        }
    }

    async Task<string> LoginAsync(string role)
    {
        var (email, password) = LoginOf(role);
        var (_, body) = await SendAsync(HttpMethod.Post, "/api/users/login", null, new { email, password });
        return body.GetProperty("token").GetString()!;
    }

    public (string Email, string Password) LoginOf(string role)
    {
        var login = rosaJson.GetProperty("logins").GetProperty(role);
        return (login.GetProperty("email").GetString()!, login.GetProperty("password").GetString()!);
    }

    /// <summary>Registers somebody new and gives their token.</summary>
    public async Task<(Guid UserId, string Token)> NewCustomerAsync()
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/api/users/register", null, new
        {
            email = $"{Guid.NewGuid():N}@customer.example",
            password = "a-long-enough-secret",
            firstName = "Test",
            lastName = "Customer",
        });
        Assert.Equal(201, status);
        return (body.GetProperty("userId").GetGuid(), body.GetProperty("token").GetString()!);
    }

    public async Task<Guid> NewProductAsync(int quantity, decimal price = 10m)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/api/products", EmployeeToken, new
        {
            title = "Corde à mâcher",
            description = "Un jouet solide.",
            price,
            category = await CategoryAsync(),
            quantity,
        });
        Assert.True(status == 201, $"{status} {body}");
        return body.GetProperty("productId").GetGuid();
    }

    /// <summary>An empty shop has no category yet, and there is no route for one in this release: the test puts one in.</summary>
    async Task<string> CategoryAsync()
    {
        if (categoryMade) return "test";
        await using var connection = await AsOwnerAsync("catalog");
        await using var insert = new NpgsqlCommand("insert into categories (slug, title) values ('test', 'Test') on conflict do nothing", connection);
        await insert.ExecuteNonQueryAsync();
        categoryMade = true;
        return "test";
    }

    bool categoryMade;

    public async Task NewPromoAsync(string code, int? maxUses = null, int? maxUsesPerUser = null, int percentage = 10)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/api/promotions", EmployeeToken, new
        {
            code,
            discountPercentage = percentage,
            validFrom = DateTimeOffset.UtcNow.AddDays(-1),
            validUntil = DateTimeOffset.UtcNow.AddDays(1),
            maxUses,
            maxUsesPerUser,
        });
        Assert.True(status == 201, $"{status} {body}");
    }

    public static object OrderOf(Guid productId, int quantity = 1, string? promoCode = null, string cardToken = "tok_visa") => new
    {
        items = new[] { new { productId, quantity } },
        promoCode,
        shippingAddress = new { name = "Test Customer", line1 = "1 rue de l'Exemple", postalCode = "75000", city = "Paris", country = "FR" },
        payment = new { method = "card", cardToken },
    };

    public Task<(int Status, JsonElement Body)> OrderAsync(string token, object order, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, "/api/orders", token, order, idempotencyKey);

    public async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? token, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Gateway, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (body is not null) request.Content = JsonContent.Create(body, options: json);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Reads any service's database by the role that may read everything and write nothing.</summary>
    public async Task<NpgsqlConnection> ReadAsync(string database)
    {
        var postgres = rosaJson.GetProperty("postgres");
        var connection = new NpgsqlConnection(
            $"Host={postgres.GetProperty("host").GetString()};Port={postgres.GetProperty("port").GetInt32()};Username={postgres.GetProperty("user").GetString()};" +
            $"Password={postgres.GetProperty("password").GetString()};Database={database};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async Task<NpgsqlConnection> AsOwnerAsync(string database)
    {
        using var secrets = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Data, "secrets.json")));
        var postgres = rosaJson.GetProperty("postgres");
        var password = FindPassword(secrets.RootElement, database) ?? throw new InvalidOperationException($"secrets.json has no password of {database}.");
        var connection = new NpgsqlConnection(
            $"Host={postgres.GetProperty("host").GetString()};Port={postgres.GetProperty("port").GetInt32()};Username={database};Password={password};Database={database};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    static string? FindPassword(JsonElement secrets, string role) =>
        secrets.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Object && entry.Name == "postgres")
            .Select(entry => entry.Value.TryGetProperty(role, out var password) ? password.GetString() : null).FirstOrDefault(password => password is not null);

    public async ValueTask DisposeAsync()
    {
        tokenAges.Dispose();
        http.Dispose();
        if (process is { HasExited: false })
        {
            // Not SIGINT: who starts tests in the background has that ignored by all that follows.
            using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await EndedAsync();
        }
        process?.Dispose();
        // A host that was killed and not started again leaves its PostgreSQL behind.
        using var clean = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "pid=$(head -n 1 \"$0/.rosa/postgres/data/postmaster.pid\" 2>/dev/null) && kill -QUIT $pid; rm -rf \"$0\"", parent]) { RedirectStandardError = true })!;
        await clean.WaitForExitAsync();
    }

    /// <summary>The host's output; of one process, that is everybody's.</summary>
    sealed class LogTail
    {
        const int Kept = 2_000, Told = 40;

        readonly Queue<string> lines = new();

        public LogTail(Process process)
        {
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        void Keep(string? line)
        {
            if (line is null) return;
            lock (lines)
            {
                lines.Enqueue(line);
                if (lines.Count > Kept) lines.Dequeue();
            }
        }

        public IReadOnlyList<string> Lines
        {
            get { lock (lines) return [.. lines]; }
        }

        /// <summary>The last ones, for the message of a failed test.</summary>
        public override string ToString() => string.Join('\n', Lines.TakeLast(Told));
    }
}
