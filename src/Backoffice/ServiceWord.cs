using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>How a service is, in a few words.</summary>
static class ServiceWord
{
    public static string Of(ServiceState service, Texts texts) =>
        service.Status != "ready" ? texts["health.down"]
        : service.OpenBreakers.Any() ? texts.With("health.breaker", string.Join(", ", service.OpenBreakers))
        : service.Parked > 0 ? texts.Count("health.parked", service.Parked)
        : texts["health.well"];
}
