using System.Globalization;

namespace Rosa.Host;

/// <summary>What the host was asked: <c>--data DIR --port-offset N --no-demo --services a,b --distributed --scale a=2,b=1 --detached</c>.</summary>
/// <param name="Data">The folder that everything is kept in.</param>
/// <param name="PortOffset">Added to every port, so that two installations run side by side.</param>
/// <param name="Demo">Whether an empty shop is filled with the demonstration's.</param>
/// <param name="Services">The services to run; null for all.</param>
/// <param name="Detached">Whether the output goes to a log, and the one who waits is told where everything is by the script.</param>
sealed record HostArguments(string Data, int PortOffset, bool Demo, IReadOnlyList<string>? Services, bool Detached)
{
    /// <summary>Whether each service runs as processes of its own.</summary>
    public bool Distributed { get; init; }

    /// <summary>Other numbers of instances than the usual: <c>catalog=2,orders=1</c>.</summary>
    public string? Scale { get; init; }

    public static HostArguments Parse(ReadOnlySpan<string> arguments)
    {
        var parsed = new HostArguments(".rosa", PortOffset: 0, Demo: true, Services: null, Detached: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            parsed = arguments[i] switch
            {
                "--data" => parsed with { Data = Value(arguments, ref i) },
                "--port-offset" => parsed with { PortOffset = Offset(Value(arguments, ref i)) },
                "--detached" => parsed with { Detached = true },
                "--no-demo" => parsed with { Demo = false },
                "--distributed" => parsed with { Distributed = true },
                "--scale" => parsed with { Scale = Value(arguments, ref i) },
                "--services" => parsed with { Services = Names(Value(arguments, ref i)) },
                var unknown => throw new StartProblem($"{unknown} is not an option. There are --data DIR, --port-offset N, --no-demo, --services a,b, --distributed and --scale a=2,b=1."),
            };
        }
        if (parsed.Scale is not null && !parsed.Distributed) throw new StartProblem("--scale goes with --distributed: in one process there is one of each.");
        return parsed;
    }

    static string Value(ReadOnlySpan<string> arguments, ref int i) =>
        i + 1 < arguments.Length && arguments[i + 1].Length > 0 ? arguments[++i] : throw new StartProblem($"{arguments[i]} needs a value.");

    static int Offset(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset <= 55000
            ? offset
            : throw new StartProblem($"--port-offset is a number from 0 to 55000, not {text}.");

    static string[] Names(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names
            ? names
            : throw new StartProblem("--services names at least one service, as in --services catalog,orders.");
}
