using System.Text;
using Rosa.Platform.Telemetry;

namespace Rosa.Platform.Tests.Telemetry;

public sealed class LogWriterTests
{
    [Fact]
    public void Lines_arrive_whole_and_in_order_and_a_flush_waits_for_them()
    {
        var output = new MemoryStream();
        var writer = new LogWriter(output.Write);
        for (var i = 0; i < 10_000; i++) writer.Write(Encoding.UTF8.GetBytes($"line {i}\n"));
        writer.Flush();
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"line {i}"), Text(output).TrimEnd('\n').Split('\n'));
        Assert.Equal(0, writer.Dropped);
    }

    [Fact]
    public void A_stuck_output_costs_lines_and_never_time()
    {
        var output = new MemoryStream();
        using var stuck = new ManualResetEventSlim();
        var writer = new LogWriter(
            lines =>
            {
                stuck.Wait(TestContext.Current.CancellationToken);
                output.Write(lines);
            }, largest: 100_000);
        var line = new string('x', 99) + "\n";
        for (var i = 0; i < 5_000; i++) writer.Write(Encoding.UTF8.GetBytes(line));
        Assert.InRange(writer.Dropped, 2_000, 4_500);

        stuck.Set();
        writer.Flush();
        Assert.Contains($"{writer.Dropped} log lines were dropped", Text(output));
    }

    [Fact]
    public void A_file_is_rotated_and_the_oldest_goes()
    {
        var folder = Directory.CreateTempSubdirectory("rosa-log-").FullName;
        try
        {
            var path = Path.Combine(folder, "rosa.log");
            var file = new RotatingFile(path, largest: 1_000);
            for (var i = 0; i < 50; i++) file.Write(Encoding.UTF8.GetBytes($"{i:00} {new string('x', 96)}\n"));
            Assert.Equal(["rosa.log", "rosa.log.1", "rosa.log.2"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
            Assert.StartsWith("40 ", File.ReadAllText(path));
            Assert.StartsWith("20 ", File.ReadAllText(path + ".2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
