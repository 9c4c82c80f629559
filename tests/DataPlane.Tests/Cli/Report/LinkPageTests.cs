using System.Text.RegularExpressions;
using DataPlane.Cli.Report;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Link;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

public sealed class LinkPageTests
{
    [Fact]
    public async Task Page_says_what_the_link_carries_and_what_to_declare()
    {
        var html = await PageAsync(Measured());
        Assert.Contains("Declared 1Gbit/s: the bulk is 941 Mbit/s (yes), the final set 800 Mbit/s (no).", html, StringComparison.Ordinal);
        Assert.Contains("--avail-switchover-bandwidth 800Mbit/s", html, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict bad\"", html, StringComparison.Ordinal);
        Assert.Matches(@">1</th>\s*<td[^>]*>to the server</td>\s*<td[^>]*>541 Mbit/s</td>", html);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("take this", html, StringComparison.Ordinal);
        Assert.Equal("108 us", ReportPages.Figure(html, "round trip, idle"));
    }

    [Fact]
    public async Task Measurement_that_failed_says_why_and_invents_nothing()
    {
        var html = await PageAsync(new LinkResult
        {
            Status = LinkStatus.Failed, Server = "tcp:<b>:1", Direction = LinkDirection.ToServer, Memory = new LinkMemoryReport(1, "populated", "random"), Environment = Environment,
            Error = new LinkErrorReport(MigrationErrorCode.CannotConnect, 1, LinkSide.Client, "connect", "Nobody <i>listens</i>.", null),
        });
        Assert.Contains("client, connect: Nobody &lt;i&gt;listens&lt;/i&gt;.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("0 bit/s", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_and_runs_are_one_page()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("link.json"), Measured().ToJson());
        await File.WriteAllTextAsync(folder.At("run.json"), ReportPages.Completed().ToJson());
        var run = await ProgramRun.OfAsync("report", folder.At("link.json"), folder.At("run.json"), "--out", folder.At("page.html"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        var html = await File.ReadAllTextAsync(folder.At("page.html"));
        ReportPages.AssertSelfContained(html);
        Assert.Contains("Report: 1 run, 1 link", html, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(html, "<h2>"));
    }

    [Fact]
    public async Task Link_cannot_be_compared_with_runs()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("link.json"), Measured().ToJson());
        await File.WriteAllTextAsync(folder.At("run.json"), ReportPages.Completed().ToJson());
        var run = await ProgramRun.OfAsync("report", "compare", folder.At("run.json"), folder.At("link.json"));
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("which is no migration", run.Error, StringComparison.Ordinal);
    }

    private static EnvironmentReport Environment => new("1", "2", null, 2, "3", new Dictionary<string, string> { ["channels"] = "2" });

    /// <summary>A measurement with all that there can be of one.</summary>
    internal static LinkResult Measured()
    {
        LinkChannelReport[] channels = [new(0, LinkDirection.ToServer, 50 << 20, 400e6, 3, 250), new(1, LinkDirection.ToServer, 67 << 20, 541e6, null, null)];
        var sum = new LinkSum(117 << 20, 1, 941e6, 3);
        return new LinkResult
        {
            Status = LinkStatus.Completed, Server = "tcp:127.0.0.1:5299", Direction = LinkDirection.ToServer, Channels = channels, Sum = sum, DeclaredBitsPerSecond = 1e9,
            Intervals = [new(0, 1, channels, sum), new(1, 2, channels, sum)],
            Directions = [new(LinkDirection.ToServer, sum, 0, 1, false, new LinkFinalSet(16 << 20, 800e6, 700e6, new LinkSpread(1, 2, 3, 9)), null)],
            RoundTrip = new LinkRoundTrips(new LinkSpread(85, 108, 2730, 20), null), Verdict = new LinkVerdict(true, false, 800e6),
            Sweep = [new(1, sum, null, null, null), new(2, sum, 800e6, 1.5, 4000)], RecommendedChannels = 2,
            Memory = new LinkMemoryReport(64 << 20, "populated", "random"), Environment = Environment,
        };
    }

    private static async Task<string> PageAsync(LinkResult link)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("link.json"), link.ToJson());
        var html = ReportPage.Of(ReportReader.ReadAll(folder.At("link.json")));
        ReportPages.AssertSelfContained(html);
        return html;
    }
}
