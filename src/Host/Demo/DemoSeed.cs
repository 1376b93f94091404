namespace Rosa.Host.Demo;

/// <summary>
/// The number the whole demo shop grows from: the same seed gives the same ids, stock, customers, pictures and orders.
/// </summary>
readonly record struct DemoSeed(int Value)
{
    /// <summary>The shop everybody gets who asks for nothing else.</summary>
    public static readonly DemoSeed Default = new(20260);

    /// <summary>The moment all ids claim to have been made at, so that they do not change from one start to the next.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A stream of numbers of its own for every purpose, so that adding customers does not change the orders' prices.</summary>
    public DemoRandom RandomFor(string purpose, long index = 0) => new(Hash(purpose, index));

    /// <summary>
    /// The id of the n-th thing of a kind, in the form of a version 7 UUID (RFC 9562 §5.7). The index is counted in
    /// milliseconds after <see cref="Epoch"/>, which keeps ids in the order of the list and inserts at the end of an index.
    /// </summary>
    public Guid Id(string kind, long index)
    {
        var high = Hash(kind, index);
        var low = DemoRandom.Mix(high);
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(Epoch.ToUnixTimeMilliseconds() + index) << 16 | 0x7000 | high & 0x0FFF);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low >> 2 | 1UL << 63);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A well-spread number for a purpose and an index: FNV-1a over the text, then mixed.</summary>
    public ulong Hash(string purpose, long index = 0)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in purpose) hash = (hash ^ letter) * 1099511628211UL;
        return DemoRandom.Mix(hash ^ DemoRandom.Mix((ulong)Value * 0x9E3779B97F4A7C15UL + (ulong)index));
    }
}
