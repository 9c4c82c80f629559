using BenchmarkDotNet.Attributes;

namespace DataPlane.Bench.Transport.Sending;

/// <summary>
/// What it costs to hand an order to all channels and have the last one's report, with nothing to send and with a fence that is there on all
/// at the end; the baseline wakes as many threads that only answer. An order is an object: the one place where something is allocated, a
/// few times in a migration.
/// </summary>
public class ChannelHandOverBenchmark : IDisposable
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(60); // Ends a run that hangs; nothing measured waits for it.

    private BareThreads? _threads;
    private FencedChannels? _channels;

    [Params(1, 2, 4, 8)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _threads = new BareThreads(Channels, _soon);
        _channels = new FencedChannels(Channels, _soon);
        Answer.Check(0, WakeUps());
        Answer.Check(1UL, Fence());
        Order();
        Answer.Check((long)Channels, _channels.Frames);
        Answer.Check(2UL, Fence());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _threads?.Dispose();
        _channels?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public int WakeUps() => _threads!.Wake();

    [Benchmark]
    public void Order() => _channels!.GiveNothing();

    [Benchmark]
    public ulong Fence() => _channels!.Fence();
}
