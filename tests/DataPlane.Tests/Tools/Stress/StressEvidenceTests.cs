using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tools.Stress;
using Xunit;

namespace DataPlane.Tests.Tools.Stress;

/// <summary>What a run comes to, as a table: how it ended, where the guest is, and how it was to end.</summary>
public sealed class StressEvidenceTests
{
    public enum Where
    {
        Source,
        Destination,
        Both,
        Nowhere,
    }

    [Theory]
    [InlineData(MigrationStatus.Completed, Where.Destination, "Completed", "Passed", "")]
    [InlineData(MigrationStatus.Completed, Where.Destination, "Safe", "Passed", "")]
    [InlineData(MigrationStatus.Completed, Where.Destination, "Failed", "Failed", "expected to fail")]
    [InlineData(MigrationStatus.Completed, Where.Nowhere, "Completed", "Failed", "not whole at the destination")]
    [InlineData(MigrationStatus.Completed, Where.Both, "Safe", "Failed", "both sides")]
    [InlineData(MigrationStatus.Failed, Where.Source, "Completed", "Failed", "the cable")]
    [InlineData(MigrationStatus.Failed, Where.Source, "Failed", "Passed", "")]
    [InlineData(MigrationStatus.Failed, Where.Source, "Safe", "Passed", "")]
    [InlineData(MigrationStatus.Failed, Where.Nowhere, "Safe", "Failed", "not whole at the source")]
    [InlineData(MigrationStatus.Failed, Where.Destination, "Failed", "Failed", "not whole at the source")]
    [InlineData(MigrationStatus.Uncertain, Where.Nowhere, "Safe", "Failed", "nobody can tell")]
    public void Run_is_judged_by_its_end_and_by_where_the_guest_is(MigrationStatus status, Where where, string expected, string verdict, string why)
    {
        var (judged, words) = Evidence(status, where).Judge(Enum.Parse<StressExpectation>(expected));
        Assert.Equal(Enum.Parse<StressVerdict>(verdict), judged);
        Assert.Contains(why, string.Join("; ", words), StringComparison.Ordinal);
        Assert.Equal(judged == StressVerdict.Passed, words.Count == 0);
    }

    [Fact]
    public void Run_in_which_nothing_was_found_written_proves_nothing_where_the_guest_was_to_write()
    {
        var still = Evidence(MigrationStatus.Completed, Where.Destination, dirtied: 0);
        Assert.Equal(StressVerdict.Void, still.Judge(StressExpectation.Completed).Verdict);
        Assert.Equal(StressVerdict.Passed, (still with { Dirties = false }).Judge(StressExpectation.Completed).Verdict);
    }

    [Fact]
    public void Run_on_a_link_that_was_to_fail_and_did_not_proves_nothing_and_no_failure_hides_that()
    {
        var quiet = Evidence(MigrationStatus.Completed, Where.Destination) with { FaultsMissed = true };
        Assert.Equal(StressVerdict.Void, quiet.Judge(StressExpectation.Safe).Verdict);
        var (verdict, why) = quiet.Judge(StressExpectation.Failed);
        Assert.Equal(StressVerdict.Failed, verdict);
        Assert.Contains("no fault struck the link", why);
    }

    [Fact]
    public void Pages_that_differ_a_broken_guest_and_a_missed_hard_limit_fail_whatever_the_status_says()
    {
        var good = Evidence(MigrationStatus.Completed, Where.Destination);
        Assert.Contains("3 of 9 pages differ", Why(good with { Result = good.Result with { Verify = new VerifyReport(VerifyMode.Full, 9, 3) } }), StringComparison.Ordinal);
        Assert.Contains("42 us over", Why(good with { Result = good.Result with { LimitExceededUs = 42 } }), StringComparison.Ordinal);
        Assert.Contains("broken", Why(good with { Faults = ["broken"] }), StringComparison.Ordinal);

        static string Why(StressEvidence evidence)
        {
            var (verdict, why) = evidence.Judge(StressExpectation.Completed);
            Assert.Equal(StressVerdict.Failed, verdict);
            return string.Join("; ", why);
        }
    }

    [Fact]
    public void Run_that_somebody_ended_is_neither_good_nor_bad_unless_the_guest_is_harmed()
    {
        var ended = Evidence(MigrationStatus.Cancelled, Where.Source) with { Interrupted = true };
        Assert.Equal(StressVerdict.Interrupted, ended.Judge(StressExpectation.Completed).Verdict);
        Assert.Equal(StressVerdict.Failed, (ended with { Faults = ["broken"] }).Judge(StressExpectation.Completed).Verdict);
        // The interrupt came too late for it.
        Assert.Equal(StressVerdict.Passed, (Evidence(MigrationStatus.Completed, Where.Destination) with { Interrupted = true }).Judge(StressExpectation.Completed).Verdict);
    }

    internal static StressEvidence Evidence(MigrationStatus status, Where where, long dirtied = 5) => new(
        new MigrationResult
        {
            Status = status,
            Error = status == MigrationStatus.Completed ? null : new ErrorReport(MigrationErrorCode.ConnectionLost, 1, MigrationSide.Source, "pass 1", "the cable", null),
            Passes = [Pass(1, 100), Pass(2, dirtied)],
        },
        where is Where.Source or Where.Both, where is Where.Destination or Where.Both, Dirties: true, Interrupted: false, []);

    private static PassReport Pass(int number, long dirty) => new()
    {
        Pass = number, DirtyPages = dirty, SentPages = dirty, ZeroPages = 0, WireBytes = dirty << 12, DurationMs = 10, SyncMs = 1,
    };
}
