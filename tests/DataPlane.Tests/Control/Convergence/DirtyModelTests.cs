using DataPlane.Control.Convergence;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Convergence;

public sealed class DirtyModelTests
{
    private const double MiB = 1 << 20;

    /// <summary>What a guest with a working set dirties anew in a time, by the model's own law.</summary>
    private static long Dirtied(double rate, double set, double seconds) => (long)(set * (1 - Math.Exp(-rate * seconds / set)));

    [Fact]
    public void A_steady_rate_is_found_whatever_the_exposures() => PropertyCheck.Holds<byte[]>(exposures =>
    {
        var model = new DirtyModel();
        foreach (var exposure in (exposures ?? []).Where(each => each > 0).Append((byte)40))
            model.Add((long)(exposure * 100 * MiB / 1000), TimeSpan.FromMilliseconds(exposure));
        Assert.Equal(100 * MiB, model.BytesPerSecond!.Value, 1000.0);
        Assert.Null(model.WorkingSetBytes);
        Assert.Equal(200 * MiB, model.NewBytesAfter(TimeSpan.FromSeconds(2)), 2000.0);
    });

    [Theory]
    [InlineData(200, 64)]
    [InlineData(1000, 32)]
    [InlineData(50, 8)]
    public void A_working_set_shows_once_looks_are_long_enough(int rate, int set)
    {
        var model = new DirtyModel();
        model.Add(Dirtied(rate * MiB, set * MiB, 0.005), TimeSpan.FromMilliseconds(5));
        Assert.Null(model.WorkingSetBytes);
        var longLook = TimeSpan.FromSeconds(2.0 * set / rate);
        model.Add(Dirtied(rate * MiB, set * MiB, longLook.TotalSeconds), longLook);
        // The short look is no instant: within a tenth.
        Assert.InRange(model.WorkingSetBytes!.Value, 0.9 * set * MiB, 1.1 * set * MiB);
        Assert.InRange(model.NewBytesAfter(TimeSpan.FromHours(1)), 0.9 * set * MiB, 1.1 * set * MiB);
    }

    [Fact]
    public void Passes_of_a_guest_slower_than_the_link_come_to_rest_at_the_shortest_pass()
    {
        var model = new DirtyModel();
        model.Add((long)(10 * MiB), TimeSpan.FromMilliseconds(100)); // 100 MiB/s.
        Assert.Equal(0.5 * MiB, model.RestingBytes(1000 * MiB, TimeSpan.FromMilliseconds(5), 1024 * MiB), 0.01 * MiB);
    }

    [Fact]
    public void Passes_of_a_faster_guest_come_to_rest_below_its_working_set_and_without_one_nowhere()
    {
        var model = new DirtyModel();
        model.Add((long)(200 * MiB), TimeSpan.FromMilliseconds(100)); // 2 GiB/s.
        Assert.Equal(4096 * MiB, model.RestingBytes(1000 * MiB, TimeSpan.FromMilliseconds(5), 4096 * MiB));
        model.Add(Dirtied(2000 * MiB, 300 * MiB, 1), TimeSpan.FromSeconds(1));
        Assert.InRange(model.RestingBytes(1000 * MiB, TimeSpan.FromMilliseconds(5), 4096 * MiB), 150 * MiB, 300 * MiB);
    }

    [Fact]
    public void Nothing_observed_is_nothing_known_and_nothing_too_short_counts()
    {
        var model = new DirtyModel();
        model.Add(1 << 20, TimeSpan.FromMicroseconds(999));
        Assert.Null(model.BytesPerSecond);
        Assert.Equal(0, model.NewBytesAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void More_time_never_brings_less() => PropertyCheck.Holds<(ushort Bytes, ushort Milliseconds)[]>(seen =>
    {
        var model = new DirtyModel();
        foreach (var (bytes, milliseconds) in seen ?? []) model.Add(bytes * 4096L, TimeSpan.FromMilliseconds(milliseconds));
        double before = 0;
        for (var milliseconds = 1; milliseconds < 10_000; milliseconds *= 3)
        {
            var now = model.NewBytesAfter(TimeSpan.FromMilliseconds(milliseconds));
            Assert.True(now >= before && double.IsFinite(now));
            before = now;
        }
    });
}
