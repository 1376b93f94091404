using System.Text;
using CsvHelper;

namespace Rosa.Catalog;

/// <summary>
/// The rows of a CSV file in UTF-8 (RFC 4180), one at a time. A quote that never ends would swallow all that follows, so the row that has it is
/// bad, and reading goes on with the line after the one on which it begins.
/// </summary>
sealed class CsvRows : IAsyncDisposable
{
    const int LargestRow = 200_000;

    /// <summary>Each costs reading on to where the quote might have ended.</summary>
    const int MostLostQuotes = 100;

    readonly FileStream file;
    CsvReader reader;
    long linesBefore;
    int lostQuotes;
    long openedAt;
    bool isAfterQuote;
    bool quoteIsLost;

    public CsvRows(FileStream file)
    {
        this.file = file;
        Separator = SeparatorOf(file);
        reader = Open(at: 0);
    }

    public char Separator { get; }

    /// <summary>The line on which the row begins, from 1.</summary>
    public int Line { get; private set; }

    public string[] Cells { get; private set; } = [];

    /// <summary>Why the row cannot be read; null when it can.</summary>
    public string? Wrong { get; private set; }

    /// <summary>True when so many quotes were lost that the rest of the file was not read.</summary>
    public bool GaveUp => lostQuotes > MostLostQuotes;

    /// <summary>Goes to the next row that is not empty. False at the end.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (GaveUp) return false;
        Wrong = null;
        try
        {
            if (!await reader.ReadAsync(cancellationToken)) return false;
            Line = (int)(linesBefore + reader.LineNumber);
            if (quoteIsLost) await GoOnAfterAsync(reader.ByteOffset, reader.LineNumber);
            else Cells = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
            if (isAfterQuote) Wrong = "Text follows the quote that ends a cell.";
            isAfterQuote = false;
        }
        catch (CsvFormatException tooLarge)
        {
            Line = (int)(linesBefore + tooLarge.LineNumber);
            await GoOnAfterAsync(tooLarge.ByteOffset, tooLarge.LineNumber);
        }
        return true;
    }

    async Task GoOnAfterAsync(long row, long line)
    {
        Wrong = lostQuotes++ < MostLostQuotes
            ? $"A cell begins with a quote that never ends, or the row has more than {LargestRow} bytes."
            : "Too many rows have a quote that never ends: from here on nothing was read.";
        quoteIsLost = false;
        await reader.DisposeAsync();
        file.Position = openedAt + row;
        int next;
        while ((next = file.ReadByte()) is not ('\n' or -1)) { }
        linesBefore += line;
        reader = Open(file.Position);
    }

    CsvReader Open(long at)
    {
        file.Position = openedAt = at;
        return CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = Separator,
            HasHeader = false,
            Encoding = Encoding.UTF8,
            TrackLineNumbers = true,
            MaxRecordSize = LargestRow,
            OnMalformedRecord = Note,
        }, leaveOpen: true);
    }

    void Note(CsvMalformedRecord malformed)
    {
        var isAfter = malformed.Reason == CsvMalformedReason.TextAfterClosingQuote;
        // What ends a quote in the middle of a later line began another one.
        quoteIsLost = malformed.Reason == CsvMalformedReason.UnterminatedQuote || (isAfter && malformed.RawRecord.Contains('\n', StringComparison.Ordinal));
        isAfterQuote = isAfter && !quoteIsLost;
    }

    // By the header: no column's name has a comma or a semicolon in it.
    static char SeparatorOf(FileStream file)
    {
        Span<byte> begin = stackalloc byte[1_000];
        begin = begin[..file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false)];
        var line = begin.IndexOfAny((byte)'\r', (byte)'\n') is > 0 and var end ? begin[..end] : begin;
        return line.Contains((byte)';') && !line.Contains((byte)',') ? ';' : ',';
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
