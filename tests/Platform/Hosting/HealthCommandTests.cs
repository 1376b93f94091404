using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Hosting;

/// <summary>What a container engine asks a service with: the same program, once more, with the argument <c>health</c>.</summary>
public sealed class HealthCommandTests
{
    [Theory]
    [InlineData("health")]
    [InlineData("health", "ready")]
    [InlineData("health", "live")]
    public async Task A_service_that_is_ready_is_healthy(params string[] args)
    {
        await using var parrot = await Parrot.StartAsync();
        var (code, said) = await AskAsync(parrot.Service.HttpAddress.Port, args);
        Assert.Equal(0, code);
        Assert.StartsWith("{\"service\":\"parrot\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_leaves_is_not_ready_but_lives()
    {
        var parrot = await Parrot.StartAsync(("Hosting:LeaveAfter", "00:00:03"));
        var port = parrot.Service.HttpAddress.Port;
        var leaving = parrot.DisposeAsync().AsTask();
        var (code, said) = await AskAsync(port, "health");
        Assert.Equal(1, code);
        Assert.Contains("not ready", said, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync(port, "health", "live")).Code);
        await leaving;
    }

    [Fact]
    public async Task One_that_does_not_answer_is_not_healthy_and_the_reason_is_said()
    {
        var (code, said) = await AskAsync(FreePorts.One(), "health");
        Assert.Equal(1, code);
        Assert.Equal("Connection refused", said);
    }

    [Theory]
    [InlineData("health", "dead")]
    [InlineData("--health")]
    [InlineData("--settings", "health")]
    public void Other_arguments_do_not_ask_for_it(params string[] args) => Assert.False(HealthCommand.IsAsked(args));

    static async Task<(int Code, string Said)> AskAsync(int port, params string[] args)
    {
        Assert.True(HealthCommand.IsAsked(args));
        using var output = new StringWriter();
        var code = await HealthCommand.RunAsync(new Service("parrot", port, _ => { }, _ => { }, Calls: []), args, output);
        return (code, output.ToString().Trim());
    }
}
