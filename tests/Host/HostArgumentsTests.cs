namespace Rosa.Host.Tests;

public sealed class HostArgumentsTests
{
    [Fact]
    public void Without_options_everything_runs_on_its_own_port_with_the_demo()
    {
        Assert.Equal(new HostArguments(".rosa", PortOffset: 0, Demo: true, Services: null, Detached: false), HostArguments.Parse([]));
    }

    [Fact]
    public void Every_option_is_taken()
    {
        var parsed = HostArguments.Parse(["--data", "/somewhere", "--port-offset", "300", "--no-demo", "--services", "catalog, orders"]);
        Assert.Equal(("/somewhere", 300, false), (parsed.Data, parsed.PortOffset, parsed.Demo));
        Assert.Equal(["catalog", "orders"], parsed.Services!);
    }

    [Theory]
    [InlineData("--data")]
    [InlineData("--port-offset", "many")]
    [InlineData("--port-offset", "-1")]
    [InlineData("--port-offset", "60000")]
    [InlineData("--services", ",")]
    [InlineData("--scale", "catalog=2")]
    [InlineData("--fast")]
    public void What_is_not_understood_is_named(params string[] arguments)
    {
        var problem = Assert.Throws<StartProblem>(() => HostArguments.Parse(arguments));
        Assert.Contains(arguments[0], problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_does_not_exist_is_named_with_those_that_do()
    {
        var problem = Assert.Throws<StartProblem>(() => Services.Named(["catalog", "shoes"]));
        Assert.Contains("shoes", problem.Message, StringComparison.Ordinal);
        Assert.Contains("catalog", problem.Message, StringComparison.Ordinal);
    }
}
