using Microsoft.Extensions.Options;
using Rosa.Platform.Problems;

namespace Rosa.Users.Tests;

public sealed class PasswordHasherTests
{
    const string Password = "warm kitten biscuits";

    static PasswordHasher New(int iterations = 1_000) => new(Options.Create(new UsersOptions
    {
        PasswordIterations = iterations,
        HashingAtOnce = 1,
        HashingWait = TimeSpan.FromMilliseconds(100),
    }));

    [Fact]
    public async Task A_hash_verifies_its_password_and_no_other()
    {
        using var passwords = New();
        var hash = await passwords.HashAsync(Password, TestContext.Current.CancellationToken);
        Assert.True(await passwords.VerifyAsync(Password, hash, TestContext.Current.CancellationToken));
        Assert.False(await passwords.VerifyAsync(Password + " ", hash, TestContext.Current.CancellationToken));
        Assert.False(await passwords.VerifyAsync(Password, storedHash: null, TestContext.Current.CancellationToken));
        Assert.NotEqual(hash, await passwords.HashAsync(Password, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_hash_outlives_a_change_of_settings_and_says_that_it_is_outdated()
    {
        using var before = New();
        using var after = New(iterations: 2_000);
        var hash = await before.HashAsync(Password, TestContext.Current.CancellationToken);
        Assert.True(await after.VerifyAsync(Password, hash, TestContext.Current.CancellationToken));
        Assert.False(before.IsOutdated(hash));
        Assert.True(after.IsOutdated(hash));
    }

    /// <summary>For an e-mail that nobody has, a turn is taken and a password hashed as for any other: the time tells nothing.</summary>
    [Fact]
    public async Task While_all_turns_are_taken_known_and_unknown_alike_are_told_to_come_again()
    {
        var token = TestContext.Current.CancellationToken;
        using var passwords = New();
        var quick = await passwords.HashAsync(Password, token);
        var slow = quick.Replace("$1000$", "$5000000$", StringComparison.Ordinal);
        var taken = Task.Run(() => passwords.VerifyAsync(Password, slow, token), token);

        foreach (var hash in new[] { null, quick })
        {
            var refused = false;
            while (!refused && !taken.IsCompleted)
            {
                var problem = await Record.ExceptionAsync(() => passwords.VerifyAsync(Password, hash, token));
                refused = problem is ProblemException { Problem: { Code: "TOO_BUSY", Kind: ProblemKind.Unavailable, RetryAfterSeconds: > 0 } };
            }
            Assert.True(refused);
        }
        await taken;
        Assert.True(await passwords.VerifyAsync(Password, quick, token));
    }
}
