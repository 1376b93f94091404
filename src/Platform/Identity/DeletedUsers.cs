using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Rosa.Platform.Identity;

/// <summary>
/// The people whose account was deleted while access tokens of theirs had not expired: such a token is good no more, wherever it is shown.
/// Users knows them; every other service holds its list, by <see cref="FollowDeletedUsers"/>.
/// </summary>
public sealed class DeletedUsers
{
    /// <summary>Where Users gives the list to services.</summary>
    public const string Route = "/internal/deleted-users";

    volatile DeletedUserList list = new(Version: "", []);
    volatile FrozenSet<Guid> ids = [];

    public DeletedUserList List => list;

    public bool Contains(Guid? userId) => ids.Count > 0 && userId is { } id && ids.Contains(id);

    /// <summary>Holds these from now on, and no others. True when that is a change.</summary>
    public bool Replace(IEnumerable<Guid> userIds)
    {
        var sorted = userIds.Order().ToList();
        var version = VersionOf(sorted);
        if (version == list.Version) return false;
        ids = sorted.ToFrozenSet();
        list = new DeletedUserList(version, sorted);
        return true;
    }

    /// <summary>Made of nothing but the ids, so that instances of Users that know the same say the same.</summary>
    static string VersionOf(List<Guid> sorted)
    {
        if (sorted.Count == 0) return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var id in sorted) hash.AppendData(id.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}

/// <param name="Version">Changes with the list; empty for an empty one.</param>
public sealed record DeletedUserList(string Version, IReadOnlyList<Guid> UserIds);
