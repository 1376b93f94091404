using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>What a client reads after an import. It is written as the work goes on.</summary>
/// <param name="Lines">Every line of the file, in its order.</param>
/// <param name="Complete">False when the import broke off: the lines that are told of were carried out, those after them were not.</param>
/// <param name="Reason">Why it broke off.</param>
public sealed record ImportReport(IReadOnlyList<ImportedLine> Lines, int Created, int Updated, int Unchanged, int Refused, bool Complete, string? Reason);

/// <summary>
/// <c>POST /api/products/import</c>: an employee brings products by the file, <c>text/csv</c> or a form's field <c>file</c>. A line happens whole
/// or not at all, and none stands in another's way.
/// </summary>
sealed partial class ImportProducts(ProductImport import, ILogger<ImportProducts> logger)
{
    const int LinesTogether = 200;

    static readonly Problem underWay = new(ProblemKind.Conflict, "IMPORT_UNDER_WAY", "Another import is under way. Send the file again when it is done.");

    static readonly Problem notCsv = new(ProblemKind.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Send the file as text/csv, or in the field “file” of a multipart/form-data form.");

    int running;

    public static Task Handle(HttpContext http, ImportProducts imports, Caller caller, CancellationToken cancellationToken) =>
        imports.HandleAsync(http, caller.UserId!.Value, cancellationToken);

    async Task HandleAsync(HttpContext http, Guid employeeId, CancellationToken cancellationToken)
    {
        var problem = Interlocked.Exchange(ref running, 1) == 0 ? await RunAloneAsync(http, employeeId, cancellationToken) : underWay;
        if (problem is not null) await problem.ToResult().ExecuteAsync(http);
    }

    async Task<Problem?> RunAloneAsync(HttpContext http, Guid employeeId, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(
                Path.Combine(Path.GetTempPath(), $"rosa-import-{Guid.NewGuid():n}.csv"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            if (await ReceiveAsync(http.Request, file, cancellationToken) is { } unreadable) return unreadable;

            await using var rows = new CsvRows(file);
            var (csv, wrong) = !await rows.NextAsync(cancellationToken) ? (null, "The file is empty.") : rows.Wrong is { } broken ? (null, broken) : ProductCsv.Of(rows.Cells, rows.Separator);
            if (csv is null) return Problem.Validation("header", wrong!);
            await ReportAsync(http, rows, csv, employeeId, cancellationToken);
            return null;
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    static async Task<Problem?> ReceiveAsync(HttpRequest request, FileStream file, CancellationToken cancellationToken)
    {
        try
        {
            var isCsv = request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) == true;
            var (sent, problem) = isCsv ? (request.Body, null) : await Upload.FileAsync(request, cancellationToken);
            if (sent is null) return problem!.Kind == ProblemKind.UnsupportedMediaType ? notCsv : problem;
            await sent.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return null;
        }
        catch (Exception exception) when (Upload.IsUnreadable(exception))
        {
            return Upload.Unreadable;
        }
    }

    /// <summary>From here on the answer has begun, so what goes wrong is said in it.</summary>
    async Task ReportAsync(HttpContext http, CsvRows rows, ProductCsv csv, Guid employeeId, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        var totals = new Dictionary<string, int> { ["created"] = 0, ["updated"] = 0, ["unchanged"] = 0, ["refused"] = 0 };
        string? brokeOff = null;
        json.WriteStartObject();
        json.WriteStartArray("lines"u8);
        await FlushAsync();
        try
        {
            await foreach (var outcomes in CarryOutAsync(rows, csv, employeeId, cancellationToken))
            {
                foreach (var outcome in outcomes)
                {
                    totals[outcome.Outcome]++;
                    Write(json, outcome);
                }
                await FlushAsync();
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.BrokenOff(logger, exception.Message);
            brokeOff = "The database does not answer. Send the file again: what was carried out is then unchanged.";
        }
        if (rows.GaveUp) brokeOff = rows.Wrong;
        json.WriteEndArray();
        foreach (var (outcome, count) in totals) json.WriteNumber(outcome, count);
        json.WriteBoolean("complete"u8, brokeOff is null);
        json.WriteString("reason"u8, brokeOff);
        json.WriteEndObject();
        await FlushAsync();

        async Task FlushAsync()
        {
            await json.FlushAsync(cancellationToken);
            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Lines by the couple of hundred; one that names a product of the couple before it waits for the next.</summary>
    async IAsyncEnumerable<IReadOnlyList<ImportedLine>> CarryOutAsync(
        CsvRows rows, ProductCsv csv, Guid employeeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new List<ProductLine>(LinesTogether);
        var refused = new List<ImportedLine>();
        var named = new HashSet<object>();
        while (await rows.NextAsync(cancellationToken))
        {
            var (line, wrong) = rows.Wrong is { } broken ? (null, broken) : csv.Read(rows.Cells, rows.Line);
            var isNamedAgain = line is not null && ((line.ProductId is { } id && named.Contains(id)) || (line.Sku is { } sku && named.Contains(sku)));
            if (isNamedAgain || lines.Count + refused.Count == LinesTogether)
            {
                yield return await FinishAsync();
            }
            if (line is null)
            {
                refused.Add(new ImportedLine(rows.Line, "refused", Reason: wrong));
                continue;
            }
            lines.Add(line);
            if (line.ProductId is not null) named.Add(line.ProductId.Value);
            if (line.Sku is not null) named.Add(line.Sku);
        }
        if (lines.Count + refused.Count > 0) yield return await FinishAsync();

        async Task<IReadOnlyList<ImportedLine>> FinishAsync()
        {
            var outcomes = lines.Count == 0 ? [] : await import.CarryOutAsync(lines, csv, employeeId, cancellationToken);
            IReadOnlyList<ImportedLine> inOrder = [.. outcomes.Concat(refused).OrderBy(outcome => outcome.Line)];
            lines.Clear();
            refused.Clear();
            named.Clear();
            return inOrder;
        }
    }

    static void Write(Utf8JsonWriter json, ImportedLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("line"u8, line.Line);
        json.WriteString("outcome"u8, line.Outcome);
        if (line.ProductId is { } productId) json.WriteString("productId"u8, productId);
        if (line.Reason is { } reason) json.WriteString("reason"u8, reason);
        json.WriteEndObject();
    }

    static partial class Log
    {
        [LoggerMessage(113, LogLevel.Warning, "An import of products broke off: {Reason}")]
        public static partial void BrokenOff(ILogger logger, string reason);
    }
}
