using DataPlane.Cli.Output;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class SummaryTests
{
    [Fact]
    public void Everything_known_is_told_and_tables_line_up()
    {
        var text = Written(new MigrationResult
        {
            Status = MigrationStatus.Completed,
            TotalTime = 2310,
            SetupTime = 12,
            Downtime = 8.25,
            DowntimeLimit = 300,
            Passes = [Pass(1, 262_144, "continue"), Pass(2, 5, "switch")],
            DowntimeBreakdown = new DowntimeBreakdown(8250, 3, null, null, [new("stop", MigrationSide.Source, 0, 120), new("commit", null, 120, 90)], []),
            Verify = new VerifyReport(VerifyMode.Full, 262_144, 0),
        });
        Assert.Contains("total 2.31 s, setup 12 ms, blackout 8.25 ms, limit 300 ms", text, StringComparison.Ordinal);
        Assert.Contains("8,250 us, of which 3 us unaccounted", text, StringComparison.Ordinal);
        Assert.Contains("verify full: 262,144 pages compared, 0 differ", text, StringComparison.Ordinal);
        var rows = text.Split('\n').Where(line => line.EndsWith("continue", StringComparison.Ordinal) || line.EndsWith("switch", StringComparison.Ordinal));
        Assert.Single(rows.Select(row => row.LastIndexOf("  ", StringComparison.Ordinal)).Distinct());
        Assert.Matches(@"commit +network +120 +90", text);
    }

    [Fact]
    public void An_attempt_called_off_says_how_long_it_stood_and_a_last_one_what_to_do()
    {
        var error = new ErrorReport(MigrationErrorCode.LimitMissed, 16, MigrationSide.Source, "save-state a", "The blackout was called off.", null);
        var attempt = AttemptReport.Of(new MigrationResult
        {
            Attempt = 1, Status = MigrationStatus.Failed, Error = error,
            DowntimeBreakdown = new DowntimeBreakdown(203_648, 0, null, null, [new("stop", MigrationSide.Source, 0, 203_648)], []) { Completed = false },
        });
        Assert.Equal(203.648, attempt.Downtime);
        var text = Written(new MigrationResult { Attempt = 2, Status = MigrationStatus.Failed, Error = error, Attempts = [attempt] });
        Assert.StartsWith("attempt 1: the guest stood still for 204 ms: The blackout was called off.\ncalled off: ", text, StringComparison.Ordinal);
        Assert.Contains("--retries 1 sends only what changed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_unknown_is_invented()
    {
        var text = Written(new MigrationResult { Status = MigrationStatus.Failed });
        Assert.Equal("failed: the guest stayed on the source\n", text);
    }

    [Fact]
    public void Of_many_passes_the_first_and_the_last_are_shown()
    {
        var text = Written(new MigrationResult
        {
            Status = MigrationStatus.Completed,
            Passes = [.. Enumerable.Range(1, 100).Select(number => Pass(number, 1000 + number, "continue"))],
        });
        Assert.Contains("84 more", text, StringComparison.Ordinal);
        Assert.Contains("1,008", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1,009", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1,092", text, StringComparison.Ordinal);
        Assert.Contains("1,093", text, StringComparison.Ordinal);
        Assert.Equal(1 + 1 + 16 + 1, text.TrimEnd('\n').Split('\n').Length);
    }

    private static string Written(MigrationResult result)
    {
        using var writer = new StringWriter();
        Summary.Write(writer, result);
        return writer.ToString();
    }

    private static PassReport Pass(int number, long dirty, string decision) => new()
    {
        Pass = number,
        DirtyPages = dirty,
        SentPages = dirty,
        ZeroPages = 0,
        WireBytes = dirty * 4096,
        DurationMs = 10,
        SyncMs = 0.1,
        Decision = decision,
    };
}
