namespace Rosa.Host.Tests;

public sealed class ServicesTests
{
    [Fact]
    public void No_two_services_share_a_port()
    {
        var ports = Services.All.Select(service => service.Port).Concat(Services.All.Select(service => service.GrpcPort).OfType<int>()).Append(RosaHost.PostgresPort).ToList();
        Assert.Equal(ports.Distinct(), ports);
    }

    [Fact]
    public void The_grpc_port_is_the_http_port_plus_100()
    {
        Assert.All(Services.All.Where(service => service.GrpcPort is not null), service => Assert.Equal(service.Port + 100, service.GrpcPort));
    }

    [Fact]
    public void Every_service_stands_after_those_it_calls_so_that_it_stops_before_them()
    {
        var before = new HashSet<string>();
        foreach (var service in Services.All)
        {
            // The catalog shows the discounts of promotions, which stands next to it, and users gathers a person's data from everybody; every
            // other call goes to an earlier row.
            Assert.All(service.Calls.Where(called => service.Name != "users" && (service.Name, called) != ("catalog", "promotions")), called => Assert.Contains(called, before));
            before.Add(service.Name);
        }
    }
}
