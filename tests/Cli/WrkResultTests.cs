using Rosa.Cli.Load;

namespace Rosa.Cli.Tests;

public class WrkResultTests
{
    const string Good =
        """
        Running 8s test @ http://127.0.0.1:18000/api/products?limit=20
          2 threads and 32 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency     2.21ms    3.90ms  30.42ms   87.56%
            Req/Sec     8.03k   125.72     9.10k    50.00%
          Latency Distribution
             50%  812.00us
             75%    5.70ms
             90%    8.17ms
             99%    1.02s
          128093 requests in 8.01s, 506.80MB read
        Requests/sec:  15991.64
        Transfer/sec:     63.27MB

        """;

    [Fact]
    public void What_wrk_prints_is_read()
    {
        Assert.Equal(new WrkResult(128_093, 15_991.64, 0.812, 1_020, Failures: null), WrkResult.Parse(Good));
    }

    [Fact]
    public void Answers_that_are_errors_are_failures()
    {
        var result = WrkResult.Parse(Good.Replace("Requests/sec:", "  Non-2xx or 3xx responses: 998\nRequests/sec:"));
        Assert.Equal("Non-2xx or 3xx responses: 998", result.Failures);
    }

    [Fact]
    public void Lost_connections_are_failures()
    {
        var result = WrkResult.Parse(Good.Replace("Requests/sec:", "  Socket errors: connect 0, read 3, write 0, timeout 0\nRequests/sec:"));
        Assert.Equal("Socket errors: connect 0, read 3, write 0, timeout 0", result.Failures);
    }

    [Fact]
    public void Something_else_is_no_result() => Assert.Throws<BenchFailure>(() => WrkResult.Parse("unable to connect to 127.0.0.1:18000 Connection refused"));

    [Fact]
    public void What_pgbench_prints_is_read() =>
        Assert.Equal(1234.5, Pgbench.TransactionsPerSecond("number of failed transactions: 0 (0.000%)\nlatency average = 12.9 ms\ntps = 1234.500000 (without initial connection time)\n"));
}
