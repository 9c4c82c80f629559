using System.Collections.Immutable;
using DataPlane.Core.Traces;
using DataPlane.Options;
using DataPlane.Tools.Predict;

namespace DataPlane.Tests.Tools.Predict;

/// <summary>Guests whose migrations can be worked out on paper: noise, one core more than needed, a link that is the only limit.</summary>
internal static class Guests
{
    public const double Link = 125e6;

    public static PredictOptions Options(double dirty = 0, PredictPattern pattern = PredictPattern.Uniform, long memory = 1L << 30, double link = Link) => new()
    {
        Guest = new PredictGuest { MemoryBytes = memory, ZeroShare = 0, CompressibleShare = 0, DirtyBytesPerSecond = dirty, Pattern = pattern, DeviceStateBytes = 0 },
        Link = new PredictLink { BytesPerSecond = link },
        Machine = new MachinePrices { Cores = 8 },
        Migration = new MigrationOptions { Channels = 4, Timeout = TimeSpan.FromMinutes(10) },
    };

    /// <summary>A trace of steps of 100 ms each, with so many pages from the first on in each of them.</summary>
    public static DirtyTrace Trace(long memory, params long[] pages) => new(
        memory, [.. pages.Select((count, i) => new DirtyTraceStep(TimeSpan.FromMilliseconds(100 * (i + 1)), count == 0 ? [] : ImmutableArray.Create(new PageRun(0, count))))], "made up");
}
