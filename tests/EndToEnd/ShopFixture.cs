[assembly: AssemblyFixture(typeof(Rosa.EndToEnd.Tests.SharedShop))]

namespace Rosa.EndToEnd.Tests;

/// <summary>The shop that the tests of all classes share.</summary>
public sealed class ShopFixture(SharedShop shared) : IAsyncLifetime
{
    public RunningShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await shared.ShopAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A shop for one class alone: for those that look at everything in it.</summary>
public sealed class OwnShopFixture : IAsyncLifetime
{
    public RunningShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await RunningShop.StartAsync();

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}

/// <summary>One shop for the whole run, started by the first that asks.</summary>
public sealed class SharedShop : IAsyncDisposable
{
    Task<RunningShop>? starting;

    public Task<RunningShop> ShopAsync() => starting ??= RunningShop.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (starting is { IsCompletedSuccessfully: true }) await starting.Result.DisposeAsync();
    }
}
