using DataPlane.Core.Errors;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>What holds of every account, whatever became of the migration and whatever the clocks show.</summary>
internal static class AccountChecks
{
    public static DowntimeBreakdown Sound(MigrationResult result)
    {
        var account = result.DowntimeBreakdown ?? throw new InvalidOperationException($"There is no account of this blackout: {result.ToJson()}");
        double end = 0;
        foreach (var segment in account.Segments)
        {
            Assert.Equal(end, segment.StartUs, tolerance: 0.0005);
            Assert.True(segment.DurationUs >= 0, $"{segment.Name} ends before it begins.");
            end = segment.StartUs + segment.DurationUs;
        }
        var counted = account.Segments.Where(segment => segment.Name is not ("verify" or "pre-switchover-wait")).Sum(segment => segment.DurationUs);
        Assert.Equal(account.UnaccountedUs, account.TotalUs - counted, tolerance: 0.05);
        // A percent, 50 us, or what the clocks leave open: by more the two ways of measuring may not differ.
        Assert.InRange(Math.Abs(account.UnaccountedUs), 0, Math.Max(Math.Max(50, account.TotalUs / 100), account.ClockErrorUs ?? 0));
        foreach (var stage in account.Stages)
        {
            var inside = account.Segments.Single(segment => segment.Name == stage.Segment);
            Assert.True(stage.StartUs >= 0 && stage.DurationUs >= 0, $"{stage.Name} is at {stage.StartUs} for {stage.DurationUs} us.");
            if (stage.Side == MigrationSide.Destination && stage.Name != "announce")
                Assert.True(
                    stage.StartUs >= inside.StartUs - 0.001 && stage.StartUs + stage.DurationUs <= inside.StartUs + inside.DurationUs + 0.001,
                    $"{stage.Name} lies outside {inside.Name}.");
        }
        return account;
    }

    public static IReadOnlyList<string> Names(DowntimeBreakdown account) => [.. account.Segments.Select(segment => segment.Name)];

    /// <summary>When a segment ends, microseconds from the guest's last instruction.</summary>
    public static double EndOf(DowntimeBreakdown account, string segment)
    {
        var found = account.Segments.Single(each => each.Name == segment);
        return found.StartUs + found.DurationUs;
    }
}
