using System.Globalization;

namespace Rosa.Host.Distributed;

/// <summary>How many instances of each service run.</summary>
static class Scale
{
    /// <summary>More than there are ports for (<see cref="InstancePorts"/>): one port is kept for the successor while instances are replaced.</summary>
    public const int Most = InstancePorts.PerService - 1;

    /// <summary>For a shop with many visitors. A service that is not here has one instance.</summary>
    static readonly Dictionary<string, int> usual = new()
    {
        ["users"] = 2,
        ["catalog"] = 5,
        ["orders"] = 3,
        ["promotions"] = 2,
        ["recommendations"] = 2,
        ["notifications"] = 1,
        ["payments"] = 2,
        ["gateway"] = 2,
        ["storefront"] = 2,
        ["backoffice"] = 1,
    };

    /// <param name="changes"><c>catalog=2,orders=1</c>: numbers other than the usual.</param>
    public static IReadOnlyDictionary<string, int> Parse(string? changes)
    {
        var scale = new Dictionary<string, int>(usual);
        foreach (var change in (changes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (change.Split('=') is not [var name, var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > Most)
                throw new StartProblem($"--scale names services and numbers from 1 to {Most}, as in --scale catalog=2,orders=1, not {change}.");
            if (Services.All.All(service => service.Name != name)) throw new StartProblem($"--scale names {name}, and there is no such service. There are {string.Join(", ", Services.All.Select(service => service.Name))}.");
            scale[name] = count;
        }
        return scale;
    }
}
