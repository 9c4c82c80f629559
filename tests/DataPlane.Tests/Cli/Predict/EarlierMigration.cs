using DataPlane.Results;

namespace DataPlane.Tests.Cli.Predict;

/// <summary>A result document of a guest of 512 MiB, a quarter of it zero, that wrote 20 MiB/s anywhere and moved over 1 Gbit/s.</summary>
internal static class EarlierMigration
{
    private const double Dirty = 20 << 20;

    public static MigrationResult Result { get; } = new()
    {
        Status = MigrationStatus.Completed,
        SetupTime = 40,
        TotalTime = 3600,
        Downtime = 12,
        DowntimeLimit = 300,
        Ram = new RamReport
        {
            Total = 512L << 20, Transferred = 420_000_000, Remaining = 0, Duplicate = 32768, Normal = 110_000, NormalBytes = 110_000 * 4096L, DirtySyncCount = 3, MultifdBytes = 420_000_000,
        },
        Bandwidth = new BandwidthReport(null, 120e6, null, 118e6, null),
        Passes =
        [
            Pass(1, 131_072, 98_304, 32_768, 3350, "continue"),
            Pass(2, 9_000, 9_000, 0, 310, "switch"),
            Pass(3, 1_600, 1_600, 0, 56, "final") with { DirtyBytesPerSecond = null },
        ],
        Channels = [new ChannelReport(0, 210_000_000, 3400, 3300, 0), new ChannelReport(1, 210_000_000, 3400, 3300, 0)],
    };

    private static PassReport Pass(int number, long dirty, long sent, long zero, double ms, string decision) => new()
    {
        Pass = number, DirtyPages = dirty, SentPages = sent, ZeroPages = zero, WireBytes = sent * 4096, DurationMs = ms, SyncMs = 0.1, DirtyBytesPerSecond = Dirty, Decision = decision,
    };
}
