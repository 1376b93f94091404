using System.Globalization;
using CsvHelper;
using Npgsql;

namespace Rosa.Catalog;

/// <summary><c>GET /api/products/export</c>: every product for sale as CSV, which the import takes as it is.</summary>
static class ExportProducts
{
    const int RowsTogether = 1_000;

    public static async Task Handle(HttpContext http, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"products.csv\"";
        // Spreadsheets take a file for UTF-8 when it begins with the mark of it.
        await using var csv = CsvWriter.Create(http.Response.Body, new CsvWriterOptions { WriteByteOrderMark = true }, leaveOpen: true);
        await csv.WriteRecordAsync([.. ProductCsv.Columns], cancellationToken);

        // By the thousand, so that a slow reader holds no connection of the database.
        for (Guid? last = Guid.Empty; last is not null;)
        {
            last = await WriteAsync(csv, source, last.Value, cancellationToken);
            await csv.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the products after this one; returns the last, or null when there are no more.</summary>
    static async Task<Guid?> WriteAsync(CsvWriter csv, NpgsqlDataSource source, Guid after, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select p.product_id, p.sku, p.title, p.description, p.price, p.category, p.image_url, s.available,
              p.translations -> 'en' ->> 'title', p.translations -> 'en' ->> 'description'
            from products p
            join stock s using (product_id)
            where p.product_id > $1 and p.withdrawn_at is null
            order by p.product_id
            limit $2
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = RowsTogether });
        var rows = 0;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            after = row.GetGuid(0);
            csv.WriteField(after.ToString());
            Text(1);
            Text(2);
            Text(3);
            csv.WriteField(row.GetDecimal(4).ToString(CultureInfo.InvariantCulture));
            Text(5);
            Text(6);
            csv.WriteField(row.GetInt32(7).ToString(CultureInfo.InvariantCulture));
            Text(8);
            Text(9);
            await csv.EndRecordAsync(cancellationToken);
            rows++;
        }
        return rows == RowsTogether ? after : null;

        void Text(int column) => csv.WriteField(row.IsDBNull(column) ? "" : ProductCsv.Guarded(row.GetString(column)));
    }
}
