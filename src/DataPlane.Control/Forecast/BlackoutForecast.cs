using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Control.Forecast;

/// <summary>One part of the blackout that is expected; the names are those of the account's segments.</summary>
internal readonly record struct ForecastPart(string Name, Estimate Time);

/// <summary>
/// The blackout that would follow if the guest were stopped now, from its last instruction to its first, in the parts that the account will
/// have. What is foretold and what happened can be held against each other line by line. Pure; CONTROL-LOOP.md has the formulas.
/// </summary>
internal sealed class BlackoutForecast
{
    // Rates of a shared link and a busy machine, within one migration: 3 to 8 % measured from one pass to the next.
    private const double RateDeviation = 0.08;

    // Measured over links held to 1 Gbit/s: 5 to 27 ms between the last byte given to two sockets and the last in place, 0.6 to 3.4 MB.
    private const double HeldBySocket = 1 << 20;

    // Three orders wake the channels and are answered, six times a thread has to get its turn; a ping and its answer are four.
    private const double WaitsOfOrders = 1.5;

    // Device state is neither scanned nor compressed. Where those were the limit of the memory, what limits it is unknown before the first blackout. Its pages are lent to the
    // sockets, and the kernel meets each for the first time: 16 MiB took 21 to 24 ms on a machine of two cores shared by both sides whose kernel is slow at that
    // (40 to 50 when they were copied), 7 ms copied on another. A guess between the two.
    private const double StateRate = 1e9;

    private static readonly TimeSpan Never = TimeSpan.FromDays(365);

    private BlackoutForecast(IReadOnlyList<ForecastPart> parts, TimeSpan? memory, TimeSpan declared)
    {
        Parts = parts;
        Memory = memory;
        Declared = declared;
        Known = memory is not null;
        foreach (var part in parts) Total += part.Time;
    }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<ForecastPart> Parts { get; }

    /// <summary>All of it.</summary>
    public Estimate Total { get; }

    /// <summary>What the memory that is left takes; null while no rate is known, and then nothing of the sum is worth anything.</summary>
    public TimeSpan? Memory { get; }

    /// <summary>
    /// What no pass makes shorter and nobody guesses: device state saved and loaded, and carried at the rate that was declared. What was measured
    /// (round trips, rates) is no part of it: a peer that stood still for a while answers as before afterwards.
    /// </summary>
    public TimeSpan Declared { get; }

    /// <summary>Whether the sum is worth anything.</summary>
    public bool Known { get; }

    public static BlackoutForecast Of(in ForecastInput now)
    {
        var rate = now.Rate.BytesPerSecond is > 0 and var some ? some : (double?)null;
        var framed = FramesOf(now);
        var wire = (now.DirtyPages * now.WireBytesPerPage) + (framed * FrameHeader.Size);
        var link = Over(wire, rate);
        var source = ChannelsTime(now, framed, now.DirtyPages, Math.Min(now.Channels, now.DirtyStripes));
        // A rate that something else than the link was the limit of is in what the channels need: they waited for it.
        var memory = source is null || (now.RateIsLinks && link > source) ? link : source;
        var state = rate is null ? ChannelsTime(now, 0, (double)now.StateBytes / PageGeometry.PageSize, 1)
            : Over(now.StateBytes, now.RateIsLinks || rate > StateRate ? rate : StateRate);

        // The devices are saved while the last pages go out; the state follows both. What the sockets hold when the last byte is in them drains.
        var carried = (memory > now.Save.Expected ? memory.Value : now.Save.Expected) + (state ?? TimeSpan.Zero);
        var behind = (memory > now.Save.Expected ? memory.Value - now.Save.Expected : TimeSpan.Zero) + (state ?? TimeSpan.Zero);
        var held = Over(now.Channels * HeldBySocket, rate) is { } full && full < behind ? full : behind;
        var half = new Estimate(now.RoundTrip.Expected / 2, now.RoundTrip.Deviation / 2);
        var waits = now.RoundTrip.Expected > now.FastestRoundTrip ? now.RoundTrip.Expected - now.FastestRoundTrip : TimeSpan.Zero;
        var costs = now.Costs;
        ForecastPart[] parts =
        [
            new("stop", costs.Stop.Estimate),
            new("final-sync", now.Sync + costs.Reads.Estimate),
            new("final-memory", Uncertain(carried - held) + now.Save.Spread + now.Sync + costs.Reads.Estimate + costs.Orders.Estimate + Uncertain(waits * WaitsOfOrders)),
            new("drain", Uncertain(held) + half + costs.Landing.Estimate),
            new("load-state", now.Load + costs.Loading.Estimate),
            new("prepared", half + costs.Prepared.Estimate),
            new("give", costs.Give.Estimate),
            new("commit", half + costs.Commit.Estimate),
            new("take", costs.Take.Estimate),
            new("resume", costs.Resume.Estimate),
        ];
        return new BlackoutForecast(
            parts, memory, now.Save.Expected + now.Load.Expected + ((now.Rate.Origin == "declared" ? state : null) ?? TimeSpan.Zero));
    }

    /// <summary>
    /// What the channels need for so much; null where no pass has told. Each of the two tellers says too much rather than too little, for reasons of its own: the first pass
    /// waits for the destination's memory, a short one for threads to get their turn.
    /// </summary>
    private static TimeSpan? ChannelsTime(in ForecastInput now, double frames, double pages, double atOnce)
    {
        TimeSpan? least = null;
        if (now.FirstFrames is { Known: true } first) least = first.Of(frames, pages, atOnce);
        if (now.Frames is { Known: true } again && again.Of(frames, pages, atOnce) is var time && !(time > least)) least = time;
        return least;
    }

    /// <summary>A frame for each stripe, or more where its pages are encoded by fewer than it has.</summary>
    private static double FramesOf(in ForecastInput now) =>
        now.DirtyStripes > 0 ? now.DirtyStripes * Math.Ceiling(now.DirtyPages / now.DirtyStripes / now.PagesPerFrame) : 0;

    private static Estimate Uncertain(TimeSpan time) => new(time, time * RateDeviation);

    // A rate that is next to nothing must not overflow the time: a year is as good as never.
    private static TimeSpan? Over(double bytes, double? rate) =>
        rate is null ? null : TimeSpan.FromSeconds(Math.Min(bytes / rate.Value, Never.TotalSeconds));
}
