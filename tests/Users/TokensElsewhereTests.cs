using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Users.Tests;

/// <summary>What <c>jose</c>, a library that others use, says to our tokens and keys over HTTP, and what our own reader says to the same.</summary>
public sealed class TokensElsewhereTests(UsersShop shop) : IClassFixture<UsersShop>
{
    [Fact]
    public async Task Good_tokens_are_accepted_and_all_others_refused_by_a_foreign_library_and_by_us()
    {
        var session = await shop.RegisterAsync();
        var keys = shop.Service.Services.GetRequiredService<SigningKeys>();
        var keyId = (await keys.PublishedAsync(TestContext.Current.CancellationToken)).Keys[0].Kid;
        var now = DateTimeOffset.UtcNow;
        var good = new TokenClaims(
            "rosa", "rosa", session.UserId.ToString(), "customer", Guid.CreateVersion7().ToString(), now.ToUnixTimeSeconds(), now.AddMinutes(15).ToUnixTimeSeconds());
        var expired = good with { Iat = now.AddMinutes(-16).ToUnixTimeSeconds(), Exp = now.AddMinutes(-1).ToUnixTimeSeconds() };
        using var foreignKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = session.Token.Split('.');

        var tokens = new Dictionary<string, string>
        {
            ["good"] = session.Token,
            ["alg none"] = Part("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + ".",
            ["alg none with key id"] = Part($$"""{"alg":"none","kid":"{{keyId}}"}""") + "." + parts[1] + "." + parts[2],
            ["alg HS256 with the public key as secret"] = await WithPublicKeyAsSecretAsync(keys, keyId, parts[1]),
            ["foreign key"] = AccessToken.Write(good, foreignKey, keyId),
            ["unknown key"] = AccessToken.Write(good, foreignKey, "unknown"),
            ["expired"] = await keys.SignAsync(expired, TestContext.Current.CancellationToken),
            ["another issuer"] = await keys.SignAsync(good with { Iss = "elsewhere" }, TestContext.Current.CancellationToken),
            ["another audience"] = await keys.SignAsync(good with { Aud = "elsewhere" }, TestContext.Current.CancellationToken),
            ["other claims under the signature"] = parts[0] + "." + Part(JsonSerializer.Serialize(good with { Role = "admin" })) + "." + parts[2],
        };
        var elsewhere = await AskJoseAsync(tokens);

        foreach (var (name, token) in tokens)
        {
            using var response = await shop.Service.Client(token).GetAsync($"/api/users/{session.UserId}");
            var (status, outcome) = name == "good" ? (HttpStatusCode.OK, "claims") : (HttpStatusCode.Unauthorized, "refused");
            Assert.True(response.StatusCode == status, $"{name}: we answer {(int)response.StatusCode}");
            Assert.True(elsewhere.GetProperty(name).TryGetProperty(outcome, out _), $"{name}: jose says {elsewhere.GetProperty(name)}");
        }

        var claims = elsewhere.GetProperty("good").GetProperty("claims");
        Assert.Equal("ES256", elsewhere.GetProperty("good").GetProperty("alg").GetString());
        Assert.Equal((session.UserId.ToString(), "customer", 900),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("role").GetString(), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        Assert.True(Guid.TryParse(claims.GetProperty("sid").GetString(), out _));
    }

    static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    static async Task<string> WithPublicKeyAsSecretAsync(SigningKeys keys, string keyId, string payload)
    {
        var publicKey = await keys.FindAsync(keyId, CancellationToken.None);
        var signed = Part($$"""{"alg":"HS256","kid":"{{keyId}}"}""") + "." + payload;
        var secret = Encoding.ASCII.GetBytes(publicKey!.ExportSubjectPublicKeyInfoPem());
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)));
    }

    async Task<JsonElement> AskJoseAsync(Dictionary<string, string> tokens)
    {
        var folder = await NodeFolder.InstalledAsync("node-jose");
        var jwks = new Uri(shop.Service.HttpAddress, "/.well-known/jwks.json").AbsoluteUri;
        return JsonDocument.Parse(await RunAsync(folder, "node", ["verify.mjs", jwks], JsonSerializer.Serialize(tokens))).RootElement;
    }

    static async Task<string> RunAsync(string folder, string program, string[] arguments, string input)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
