using Rosa.Cli.Top;

namespace Rosa.Cli.Tests;

public sealed class TopTests
{
    static readonly DateTimeOffset then = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_page_of_metrics_is_read_with_its_labels()
    {
        var metrics = MetricsText.Parse(Page(fast: 10, slow: 0, errors: 2));
        Assert.Equal(12, metrics.Sum("http_server_request_duration_seconds_count") - 1);   // one is of whoever looked
        Assert.Equal("200", metrics.Of("http_server_request_duration_seconds_count").First().Labels["status"]);
    }

    [Fact]
    public void Rates_are_of_the_time_between_two_looks_and_not_of_the_looks()
    {
        var before = Reading.Of(MetricsText.Parse(Page(fast: 10, slow: 0, errors: 1)), then);
        var now = Reading.Of(MetricsText.Parse(Page(fast: 110, slow: 0, errors: 1)), then.AddSeconds(2));
        var rates = Rates.Between(before, now);
        Assert.Equal((50, 0.005, 0), (rates.RequestsPerSecond, rates.P99, rates.Errors));
    }

    [Fact]
    public void The_slow_ones_show_when_they_are_more_than_one_in_a_hundred()
    {
        var before = Reading.Of(MetricsText.Parse(Page(fast: 0, slow: 0, errors: 0)), then);
        Assert.Equal(0.5, Rates.Between(before, Reading.Of(MetricsText.Parse(Page(fast: 97, slow: 3, errors: 0)), then.AddSeconds(1))).P99);
        Assert.Null(Rates.Between(before, before with { At = then.AddSeconds(1) }).P99);
    }

    [Fact]
    public void A_process_that_took_anothers_place_counts_from_its_start()
    {
        var before = Reading.Of(MetricsText.Parse(Page(fast: 1000, slow: 0, errors: 0)), then);
        var now = Reading.Of(MetricsText.Parse(Page(fast: 10, slow: 0, errors: 0)), then.AddSeconds(2)) with { StartedAt = then.ToUnixTimeSeconds() };
        Assert.Equal(5, Rates.Between(before, now).RequestsPerSecond);
    }

    [Fact]
    public void Circuits_that_are_not_closed_are_named()
    {
        Assert.Equal(["payments open"], Reading.Of(MetricsText.Parse(Page(1, 1, 0)), then).OpenCircuits);
    }

    static string Page(int fast, int slow, int errors) =>
        $$"""
        # TYPE http_server_request_duration_seconds histogram
        http_server_request_duration_seconds_bucket{route="/api/products/{id}",method="GET",status="200",le="0.005"} {{fast}}
        http_server_request_duration_seconds_bucket{route="/api/products/{id}",method="GET",status="200",le="0.5"} {{fast + slow}}
        http_server_request_duration_seconds_bucket{route="/api/products/{id}",method="GET",status="200",le="+Inf"} {{fast + slow}}
        http_server_request_duration_seconds_count{route="/api/products/{id}",method="GET",status="200"} {{fast + slow}}
        http_server_request_duration_seconds_count{route="/api/products/{id}",method="GET",status="500"} {{errors}}
        http_server_request_duration_seconds_count{route="/metrics",method="GET",status="200"} 1
        rosa_circuit_state{dependency="payments"} 2
        rosa_circuit_state{dependency="catalog"} 0
        process_start_time_seconds 1000
        """;
}
