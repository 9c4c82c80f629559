using DataPlane.Control.Convergence;
using DataPlane.Core.Memory;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Tools.Predict;

/// <summary>What the result document of an earlier migration of a guest tells of it, of its link and of the machines.</summary>
public static class LearnedFromResult
{
    /// <summary>
    /// <paramref name="options"/> with what <paramref name="result"/> tells put in, and a line for each figure taken. Throws <see cref="ArgumentException"/> where
    /// it is of no use: it saw no pass, or only a destination's side.
    /// </summary>
    /// <param name="options">To change.</param>
    /// <param name="result">As a source wrote it.</param>
    /// <param name="name">What people call it.</param>
    public static PredictOptions Put(PredictOptions options, MigrationResult result, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Ram is not { } ram || result.Passes.Count == 0 || ram.Total <= 0 || result.Passes[0].DirtyPages <= 0)
            throw new ArgumentException("it has no pass of a source in it");
        var inputs = new List<PredictInput>(options.Inputs);
        void Tell(FormattableString what, string of) => inputs.Add(new PredictInput(of, FormattableString.Invariant(what), name));
        var guest = Guest(options.Guest with { MemoryBytes = ram.Total }, result, Tell);
        var machine = Machine(options.Machine, result, Tell);
        if (result.Compression is { Mode: not "auto" } compression && ram is { CompressedBytes: { } left, NormalBytes: > 0 })
        {
            // Pages that shrank and others are not told apart: all are taken to shrink as they did on the average.
            var ratio = Math.Clamp((double)left / ram.NormalBytes, 0.01, 1);
            guest = guest with { CompressibleShare = 1 - guest.ZeroShare };
            machine = machine with
            {
                Lz4 = machine.Lz4 with { Ratio = compression.Mode == "lz4" ? ratio : Math.Min(1, ratio * machine.Lz4.Ratio / machine.Zstd.Ratio) },
                Zstd = machine.Zstd with { Ratio = compression.Mode == "zstd" ? ratio : ratio * machine.Zstd.Ratio / machine.Lz4.Ratio },
            };
            Tell($"{ratio:0.##} of a page", $"left by {compression.Mode}");
        }
        var link = options.Link;
        if ((result.Bandwidth?.LinkLimitedBytesPerSecond ?? result.Bandwidth?.SourceLimitedBytesPerSecond) is > 0 and { } rate)
        {
            link = link with { BytesPerSecond = rate };
            Tell($"{rate * 8 / 1e9:0.###} Gbit/s{(result.Bandwidth!.LinkLimitedBytesPerSecond is null ? " or more" : "")}", "link");
        }
        if (RoundTrip(result) is { } trip)
        {
            link = link with { RoundTrip = TimeSpan.FromMicroseconds(trip) };
            Tell($"{trip:0} us", "round trip");
        }
        return options with { Guest = guest, Machine = machine, Link = link, Inputs = inputs };
    }

    private static PredictGuest Guest(PredictGuest guest, MigrationResult result, Action<FormattableString, string> tell)
    {
        tell($"{result.Ram!.Total >> 20} MiB", "memory");
        var first = result.Passes[0];
        var zero = first.SentPages + first.ZeroPages > 0 ? (double)first.ZeroPages / (first.SentPages + first.ZeroPages) : 0;
        tell($"{zero * 100:0.#} %", "zero pages");
        guest = guest with { ZeroShare = zero, CompressibleShare = Math.Min(guest.CompressibleShare, 1 - zero) };
        var model = new DirtyModel();
        foreach (var pass in result.Passes)
        {
            if (pass.DirtyBytesPerSecond is not { } rate) continue;
            // Stripes are cleared evenly over the first pass, so that its pages had been clean for half of it.
            var exposure = TimeSpan.FromMilliseconds(pass.Pass == 1 ? pass.DurationMs / 2 : pass.DurationMs);
            var percent = Math.Max(1, 100 - pass.CpuThrottlePercentage);
            model.Add((long)(rate * exposure.TotalSeconds * 100 / percent), exposure);
        }
        var initial = model.NewBytesAfter(TimeSpan.FromMilliseconds(1)) * 1e3;
        tell($"{initial / (1 << 20):0.#} MiB/s", "dirty rate");
        if (model.WorkingSetBytes is { } set && set < guest.MemoryBytes)
        {
            tell($"{set / (1 << 20):0.#} MiB", "working set");
            return guest with { DirtyBytesPerSecond = initial, Pattern = PredictPattern.HotCold, WorkingSetBytes = Math.Max(PageGeometry.PageSize, (long)set) };
        }
        tell($"not seen, any page", "working set");
        return guest with { DirtyBytesPerSecond = initial, Pattern = PredictPattern.Uniform };
    }

    private static MachinePrices Machine(MachinePrices machine, MigrationResult result, Action<FormattableString, string> tell)
    {
        if (result.SetupTime is { } setup)
        {
            machine = machine with { Setup = TimeSpan.FromMilliseconds(setup) };
            tell($"{setup:0.#} ms", "setup");
        }
        var reads = result.Passes.Where(pass => pass.Decision != "final").Select(pass => pass.SyncMs).Order().ToArray();
        if (reads.Length > 0) machine = machine with { SyncUs = reads[reads.Length / 2] * 1e3 };
        var pages = result.Passes.Sum(pass => pass.SentPages + pass.ZeroPages);
        var busy = result.Channels.Sum(channel => channel.BusyMs - channel.BlockedMs);
        if (result.Compression is null && pages > 0 && busy is > 0)
        {
            var each = busy.Value * 1e3 / pages;
            machine = machine with { ScanUs = each, StripeUs = 0 };
            tell($"{each:0.###} us a page and channel", "finding pages");
        }
        if (result.DowntimeBreakdown is { Completed: true } breakdown)
        {
            machine = machine with { StepsUs = breakdown.Segments.GroupBy(segment => segment.Name).ToDictionary(group => group.Key, group => group.Sum(segment => segment.DurationUs)) };
            tell($"{result.Downtime:0.##} ms of it", "steps of the blackout");
        }
        return machine;
    }

    /// <summary>COMMIT goes over in half of one, and is acted upon in no time that counts on a link where this matters.</summary>
    private static double? RoundTrip(MigrationResult result)
    {
        double[] ways = [.. (result.DowntimeBreakdown?.Segments ?? []).Where(segment => segment.Name is "commit" or "prepared").Select(segment => segment.DurationUs)];
        return ways.Length == 0 ? null : 2 * ways.Min();
    }
}
