namespace Rosa.Host.Demo;

/// <summary>
/// SplitMix64. Written out because <see cref="System.Random"/> does not promise the same numbers from one .NET to the next,
/// and the demo shop does.
/// </summary>
sealed class DemoRandom(ulong state)
{
    ulong state = state;

    public static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ z >> 27) * 0x94D049BB133111EBUL;
        return z ^ z >> 31;
    }

    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15UL);

    /// <summary>A whole number from 0 up to, but not including, <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A whole number between the two, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Like <see cref="Pick"/>, but the front of the list comes up far more often: some products are favourites.</summary>
    public T PickFavourite<T>(IReadOnlyList<T> choices) => choices[FavouriteBelow(choices.Count)];

    /// <summary>Like <see cref="Below"/>, but low numbers come up far more often.</summary>
    public int FavouriteBelow(int bound) => Math.Min(Below(bound), Below(bound));
}
