using Rosa.Host.Distributed;

namespace Rosa.Host.Tests;

public sealed class ScaleTests
{
    [Fact]
    public void Without_changes_there_are_as_many_as_usual()
    {
        var scale = Scale.Parse(null);
        Assert.Equal((5, 3, 1), (scale["catalog"], scale["orders"], scale["notifications"]));
        Assert.All(Services.All, service => Assert.True(scale[service.Name] > 0));
    }

    [Fact]
    public void Changes_are_taken_and_the_rest_stays()
    {
        var scale = Scale.Parse("catalog=2, orders=1");
        Assert.Equal((2, 1, 2), (scale["catalog"], scale["orders"], scale["users"]));
    }

    [Theory]
    [InlineData("shoes=1")]
    [InlineData("catalog")]
    [InlineData("catalog=0")]
    [InlineData("catalog=16")]
    [InlineData("catalog=many")]
    public void What_cannot_be_is_named(string changes)
    {
        Assert.Contains(changes.Split('=')[0], Assert.Throws<StartProblem>(() => Scale.Parse(changes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_processes_share_a_port()
    {
        var ports = new InstancePorts(portOffset: 0, Scale.Parse(null));
        var all = Services.All
            .SelectMany(service => Enumerable.Range(1, InstancePorts.PerService).SelectMany(number => (int?[])[ports.Of(service, number).Http, ports.Of(service, number).Grpc]))
            .OfType<int>()
            .Concat(Services.All.Select(service => service.Port))
            .Concat(StorePorts.All.Select(store => store.Port))
            .Append(RosaHost.PostgresPort)
            .ToList();
        Assert.Equal(all.Distinct(), all);
    }

    [Fact]
    public async Task A_number_that_means_another_process_by_now_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        DataFolder.MakePrivately(folder.Data.Run);
        Records.Write(folder.Data, "catalog-1", Environment.ProcessId, "--settings /somewhere/else.json");
        Assert.Empty(await Records.EndLeftoversAsync(folder.Data, _ => { }));
        Assert.Empty(Directory.GetFiles(folder.Data.Run));
    }
}
