using Rosa.Platform.Hosting;

namespace Rosa.Host.Distributed;

/// <summary>
/// Where instances listen: 16 ports a service from 8500 on, in the order of the table, and 192 above them for gRPC; plus <c>--port-offset</c>. Nobody needs
/// to know them: clients come through Caddy, which has the ports of the one-process shape, and services find each other.
/// </summary>
sealed class InstancePorts(int portOffset, IReadOnlyDictionary<string, int> scale)
{
    public const int PerService = 16;
    const int First = 8500, FirstGrpc = First + 192;

    public (int Http, int? Grpc) Of(Service service, int number)
    {
        var row = Services.All.Index().Single(row => row.Item.Name == service.Name).Index;
        var place = portOffset + (row * PerService) + number - 1;
        return (First + place, service.GrpcPort is null ? null : FirstGrpc + place);
    }

    /// <summary>All numbers that instances of a service may have: one more than there are, for the successor of one that is replaced.</summary>
    public IEnumerable<int> Numbers(Service service) => Enumerable.Range(1, scale[service.Name] + 1);
}

/// <summary>Ports of the stores beside PostgreSQL; plus <c>--port-offset</c>.</summary>
static class StorePorts
{
    public const int RabbitMq = 8433, Epmd = 8434, RabbitMqDistribution = 8435, RabbitMqManagement = 8436, Redis = 8437;

    public static readonly IReadOnlyList<(int Port, string WantedBy)> All =
        [(RabbitMq, "RabbitMQ"), (Epmd, "RabbitMQ"), (RabbitMqDistribution, "RabbitMQ"), (RabbitMqManagement, "RabbitMQ"), (Redis, "Redis")];
}
