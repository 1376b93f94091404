using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// What the meters of this service's own container say: those named <c>Rosa.…</c>, Kestrel's connections, and the service's
/// database pool. Several services live in one process, so a meter counts only when it was made by this container's
/// <see cref="IMeterFactory"/>; Npgsql's is one for the process and is told apart by the pool's name.
/// </summary>
sealed partial class MeterReadings : IDisposable
{
    const int MostSeries = 200;
    const double LongestSeconds = 1e6;
    const string PoolName = "db.client.connection.pool.name";

    readonly ConcurrentDictionary<Instrument, Readings> byInstrument = new();
    readonly MeterListener listener = new();

    public MeterReadings(IMeterFactory meters, Service service)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (IsOurs(instrument, meters)) listening.EnableMeasurementEvents(instrument, byInstrument.GetOrAdd(instrument, new Readings(instrument)));
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) => Take(instrument, value, tags, state));

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            if (instrument.Meter.Name == "Npgsql" && !IsPoolOf(service.Name, tags)) return;
            ((Readings)state!).Take(value, tags);
        }
    }

    public void Start() => listener.Start();

    public void Write(PrometheusText text)
    {
        listener.RecordObservableInstruments();
        foreach (var readings in byInstrument.Values.OrderBy(r => r.Name, StringComparer.Ordinal)) readings.Write(text);
    }

    public void Dispose() => listener.Dispose();

    static bool IsOurs(Instrument instrument, IMeterFactory meters) => instrument.Meter.Name switch
    {
        "Npgsql" => instrument.IsObservable,
        "Microsoft.AspNetCore.Server.Kestrel" => instrument.Meter.Scope == meters && instrument.Name is "kestrel.active_connections" or "kestrel.rejected_connections",
        var name => instrument.Meter.Scope == meters && name.StartsWith("Rosa.", StringComparison.Ordinal),
    };

    static bool IsPoolOf(string service, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == PoolName) return Equals(tag.Value, service);
        }
        return false;
    }

    /// <summary>The series of one instrument, by its tags. Histograms are of seconds.</summary>
    sealed partial class Readings(Instrument instrument)
    {
        sealed class Cell(KeyValuePair<string, string>[] labels)
        {
            public readonly KeyValuePair<string, string>[] Labels = labels;
            public readonly DurationHistogram Histogram = new();
            public double Value;
        }

        readonly ConcurrentDictionary<string, Cell> series = new();
        readonly bool isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
        readonly bool isCounter = CounterType().IsMatch(instrument.GetType().Name);

        /// <summary>Whether each measurement is a difference to add, or the value itself.</summary>
        readonly bool addsUp = !instrument.IsObservable && !instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

        public string Name { get; } = NameOf(instrument);

        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = tags.IsEmpty ? "" : string.Join('\u001f', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (!series.TryGetValue(key, out var cell))
            {
                if (series.Count >= MostSeries) return;
                cell = series.GetOrAdd(key, new Cell([.. tags.ToArray().Select(tag => new KeyValuePair<string, string>(Plain(tag.Key), tag.Value?.ToString() ?? ""))]));
            }
            if (isHistogram)
            {
                cell.Histogram.Record(TimeSpan.FromSeconds(value is >= 0 and <= LongestSeconds ? value : LongestSeconds));
                return;
            }
            lock (cell) cell.Value = addsUp ? cell.Value + value : value;
        }

        public void Write(PrometheusText text)
        {
            if (series.IsEmpty) return;
            text.Describe(Name, isHistogram ? "histogram" : isCounter ? "counter" : "gauge", instrument.Description ?? instrument.Name);
            foreach (var cell in series.Values)
            {
                if (isHistogram) cell.Histogram.Write(text, Name, cell.Labels);
                else text.Value(Name, cell.Value, cell.Labels);
            }
        }

        static string NameOf(Instrument instrument)
        {
            var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            var name = Plain(instrument.Name);
            if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
            return CounterType().IsMatch(instrument.GetType().Name) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
        }

        static string Plain(string name) => NotALetter().Replace(name, "_");

        [GeneratedRegex("^(Observable)?Counter`")]
        private static partial Regex CounterType();

        [GeneratedRegex("[^a-zA-Z0-9_]")]
        private static partial Regex NotALetter();
    }
}
