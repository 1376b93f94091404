namespace Rosa.Payments;

/// <summary>Card numbers never enter Rosa: what looks like one is refused before anything is stored.</summary>
static class CardNumbers
{
    const int Shortest = 13, Longest = 19;

    /// <summary>Whether the text holds a run of 13 to 19 digits (blanks and hyphens between them do not count) with a valid check digit (ISO/IEC 7812-1, Luhn).</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        Span<byte> digits = stackalloc byte[Longest];
        var count = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                if (count < Longest) digits[count] = (byte)(c - '0');
                count++;
            }
            else if (c is not (' ' or '-'))
            {
                if (IsCardNumber(digits, count)) return true;
                count = 0;
            }
        }
        return IsCardNumber(digits, count);
    }

    static bool IsCardNumber(ReadOnlySpan<byte> digits, int count)
    {
        if (count is < Shortest or > Longest) return false;
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            var doubled = (count - i) % 2 == 0;
            var value = doubled ? digits[i] * 2 : digits[i];
            sum += value > 9 ? value - 9 : value;
        }
        return sum % 10 == 0;
    }
}
