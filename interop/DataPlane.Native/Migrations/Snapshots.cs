using DataPlane.Native.Structs;
using DataPlane.Results;

namespace DataPlane.Native.Migrations;

/// <summary>Progress and result as structs.</summary>
internal static class Snapshots
{
    public static DpProgress Of(MigrationProgress progress) => new()
    {
        Status = (int)progress.Status,
        Attempt = (uint)progress.Attempt,
        Pass = (uint)progress.Pass,
        ElapsedUs = Microseconds.Of(progress.Elapsed),
        TotalBytes = progress.TotalBytes,
        TransferredBytes = progress.TransferredBytes,
        RemainingBytes = Figure.Of(progress.RemainingBytes),
        BytesPerSecond = Figure.Of(progress.BytesPerSecond),
        DirtyBytesPerSecond = Figure.Of(progress.DirtyBytesPerSecond),
        ExpectedDowntimeUs = Microseconds.Of(progress.ExpectedDowntime),
        LowDowntimeUs = Figure.Of(progress.Forecast?.LowUs),
        HighDowntimeUs = Figure.Of(progress.Forecast?.HighUs),
        ThrottlePercent = progress.CpuThrottlePercentage,
        Channels = (uint)progress.ChannelBytes.Count,
    };

    public static DpResult Of(MigrationResult result) => new()
    {
        Status = (int)result.Status,
        Error = result.Error is { } error ? -error.Number : 0,
        ErrorSide = result.Error is { } found ? (int)found.Side : -1,
        Attempt = (uint)result.Attempt,
        Passes = (uint)result.Passes.Count,
        TotalTimeUs = Microseconds.OfMs(result.TotalTime),
        SetupTimeUs = Microseconds.OfMs(result.SetupTime),
        DowntimeUs = Microseconds.OfMs(result.Downtime),
        ExpectedDowntimeUs = Microseconds.OfMs(result.ExpectedDowntime),
        LimitExceededUs = Figure.Of(result.LimitExceededUs),
        RamBytes = Figure.Of(result.Ram?.Total),
        TransferredBytes = Figure.Of(result.Ram?.Transferred),
        RemainingBytes = Figure.Of(result.Ram?.Remaining),
        ZeroPages = Figure.Of(result.Ram?.Duplicate),
        NormalPages = Figure.Of(result.Ram?.Normal),
        SwitchoverBytesPerSecond = Figure.Of(result.Bandwidth?.SwitchoverBytesPerSecond),
        VerifiedPages = Figure.Of(result.Verify?.Pages),
        MismatchedPages = Figure.Of(result.Verify?.Mismatched),
        DiscardedPages = Figure.Of(result.Ram?.Discarded),
    };
}
