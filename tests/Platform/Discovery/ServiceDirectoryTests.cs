using Rosa.Platform.Discovery;

namespace Rosa.Platform.Tests.Discovery;

public sealed class ServiceDirectoryTests
{
    /// <summary>Takes its time to say what it knows.</summary>
    sealed class SlowSource : IInstanceSource
    {
        public void Follow(InstancePool pool)
        {
            Thread.Sleep(20);
            pool.Replace([new InstanceAddress(new Uri("http://127.0.0.1:1"), Grpc: null)]);
        }
    }

    [Fact]
    public async Task Whoever_asks_first_and_at_once_finds_an_instance()
    {
        for (var round = 0; round < 20; round++)
        {
            var directory = new ServiceDirectory(new SlowSource(), TimeProvider.System);
            using var together = new Barrier(8);
            var picked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
            {
                together.SignalAndWait();
                return directory.For("catalog").Pick();
            }, TaskCreationOptions.LongRunning)));
            Assert.All(picked, Assert.NotNull);
        }
    }
}
