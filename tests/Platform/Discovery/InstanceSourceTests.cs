using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Discovery;

public sealed class InstanceSourceTests
{
    static IConfiguration Settings(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build();

    static List<string> AddressesOf(InstancePool pool) => [.. pool.Instances.Select(instance => $"{instance.Address.Http} {instance.Address.Grpc}").Order(StringComparer.Ordinal)];

    [Fact]
    public void Several_configured_addresses_are_several_instances_and_the_nth_of_each_kind_belong_together()
    {
        var source = new ConfiguredInstances(Settings(
            ("Services:catalog:Http", "http://10.0.0.1:8002  http://10.0.0.2:8002"), ("Services:catalog:Grpc", "http://10.0.0.1:8102 http://10.0.0.2:8102")));
        var catalog = new ServiceDirectory(source, TimeProvider.System).For("catalog");
        Assert.Equal(["http://10.0.0.1:8002/ http://10.0.0.1:8102/", "http://10.0.0.2:8002/ http://10.0.0.2:8102/"], AddressesOf(catalog));
        Assert.Empty(new ServiceDirectory(source, TimeProvider.System).For("users").Instances);
    }

    [Theory]
    [InlineData("catalog:8002")]
    [InlineData("10.0.0.1")]
    public void An_address_that_is_none_is_refused_by_its_setting(string address)
    {
        var source = new ConfiguredInstances(Settings(("Services:catalog:Http", address)));
        var refused = Assert.Throws<InvalidOperationException>(() => new ServiceDirectory(source, TimeProvider.System).For("catalog"));
        Assert.Contains("Services:catalog:Http", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_address_that_DNS_has_is_an_instance_and_its_last_answer_counts_while_it_is_silent()
    {
        IPAddress[]? records = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];
        using var source = new ResolvedInstances(Settings(("Services:catalog:Http", "http://catalog:8002"), ("Services:catalog:Grpc", "http://catalog:8102")), NullLogger<ResolvedInstances>.Instance)
        {
            LookUp = (host, _) => host == "catalog" && records is not null ? Task.FromResult(records) : throw new SocketException((int)SocketError.TryAgain),
        };
        var catalog = new ServiceDirectory(source, TimeProvider.System).For("catalog");
        await source.RunOnceAsync(CancellationToken.None);
        Assert.Equal(["http://10.0.0.1:8002/ http://10.0.0.1:8102/", "http://10.0.0.2:8002/ http://10.0.0.2:8102/"], AddressesOf(catalog));

        records = null;
        await source.RunOnceAsync(CancellationToken.None);
        Assert.Equal(2, catalog.Instances.Count);

        records = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")];
        await source.RunOnceAsync(CancellationToken.None);
        Assert.Equal(["http://10.0.0.2:8002/ http://10.0.0.2:8102/", "http://10.0.0.3:8002/ http://10.0.0.3:8102/"], AddressesOf(catalog));
    }

    [Fact]
    public async Task Until_DNS_has_answered_the_name_itself_is_the_address()
    {
        using var source = new ResolvedInstances(Settings(("Services:catalog:Http", "http://catalog:8002")), NullLogger<ResolvedInstances>.Instance)
        {
            LookUp = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            },
        };
        Assert.Equal(["http://catalog:8002/ "], AddressesOf(new ServiceDirectory(source, TimeProvider.System).For("catalog")));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("zookeeper")]
    [InlineData("redis")]
    public void A_source_that_cannot_be_is_refused_at_start(string source)
    {
        var service = new Service("parrot", Port: 0, _ => { }, _ => { }, Calls: []);
        Assert.Throws<InvalidOperationException>(() => ServiceProcess.Build(service, [new("Discovery:Source", source)], args: []));
    }
}
