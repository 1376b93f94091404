using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Rosa.Cli.Bench;

/// <summary>What one figure came to, in the order it is told.</summary>
sealed record Result(string Figure, params IReadOnlyList<Value> Values)
{
    public double this[string name] => Values.First(value => value.Name == name).Number;

    /// <summary><c>{"figure": "list", "rps": 15312, "p50_ms": 1.93}</c></summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("figure", Figure);
            foreach (var value in Values) json.WriteNumber(value.Name, value.Rounded);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

/// <param name="Name">With its unit at the end: <c>p99_ms</c>.</param>
/// <param name="Goal">What it should reach; null for what only explains.</param>
sealed record Value(string Name, double Number, Goal? Goal = null)
{
    /// <summary>To three or four digits: more would pretend.</summary>
    public decimal Rounded => Math.Round((decimal)Number, Math.Abs(Number) switch
    {
        >= 100 => 0,
        >= 10 => 1,
        >= 1 => 2,
        _ => 3,
    });

    public bool Missed => Goal is { } goal && !goal.IsReachedBy(Number);
}

/// <summary>A bound of <c>docs/benchmarks.md</c>: at least, or at most.</summary>
sealed record Goal(bool AtLeast, double Bound)
{
    public static Goal Least(double bound) => new(true, bound);

    public static Goal Most(double bound) => new(false, bound);

    public bool IsReachedBy(double number) => AtLeast ? number >= Bound : number <= Bound;
}
