using System.Text.Json;
using System.Text.RegularExpressions;
using DataPlane.Cli.Report;
using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

public sealed class ReportPageTests
{
    private const string Hostile = "</script><script>alert('1')</script><img src=http://evil.test/x onerror=\"alert(2)\">&\u0001";

    [Fact]
    public async Task Page_of_a_migration_that_could_not_connect_says_why()
    {
        using var folder = new TemporaryFolder();
        var run = await ProgramRun.OfAsync(
            "send", "--to", "unix:" + folder.At("none.sock"), "--guest", "synthetic", "--memory", "16MiB", "--progress", "none",
            "--json", folder.At("run.json"), "--report", folder.At("live.html"));
        Assert.Equal(3, run.Code);
        var made = await ProgramRun.OfAsync("report", folder.At("run.json"));
        Assert.Equal((0, folder.At("run.html") + Environment.NewLine), (made.Code, made.Out));
        foreach (var page in (string[])["run.html", "live.html"])
        {
            var html = await File.ReadAllTextAsync(folder.At(page));
            Assert.Contains("Failed: the guest stayed on the source.", html, StringComparison.Ordinal);
            Assert.Contains("Cannot connect to unix:", html, StringComparison.Ordinal);
            ReportPages.AssertSelfContained(html);
        }
    }

    [Fact]
    public void Document_that_knows_nothing_is_shown_without_inventing()
    {
        var html = Page(new MigrationResult { Status = MigrationStatus.Uncertain, Bandwidth = new BandwidthReport(null, null, null, null, null) });
        Assert.DoesNotContain("What bounded it", html, StringComparison.Ordinal);
        Assert.Contains("Uncertain: ", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">0 ms<", html, StringComparison.Ordinal);
        ReportPages.AssertSelfContained(html);
    }

    [Fact]
    public void Hostile_texts_stay_texts()
    {
        var hostile = new MigrationResult
        {
            Status = MigrationStatus.Failed, Warnings = [Hostile], Bottleneck = Hostile, SetupTime = 1,
            Error = new ErrorReport(MigrationErrorCode.Refused, 8, MigrationSide.Destination, Hostile, Hostile, Hostile),
            Attempts = [new AttemptReport { Attempt = 1, Error = new ErrorReport(MigrationErrorCode.Refused, 8, MigrationSide.Source, Hostile, Hostile, null) }],
            Forecast = new DowntimeForecast(1, 1, 1, [new(Hostile, 1, 1, 1)]),
            Passes = [Pass(1, 5, 100) with { Decision = Hostile, Reason = Hostile }],
            DowntimeBreakdown = new DowntimeBreakdown(10, 0, null, null, [new(Hostile, null, 0, 10)], [new(Hostile, MigrationSide.Source, Hostile, 0, 5)]),
            Ram = Ram, Compression = new CompressionReport(Hostile, [Hostile], Hostile, 0, [new CodecReport(Hostile, 1, 1, 1)], 0, Hostile),
            Environment = new EnvironmentReport(Hostile, Hostile, Hostile, 2, Hostile, new Dictionary<string, string> { [Hostile] = Hostile }),
        };
        var html = Page(Hostile + ".json", hostile.ToJson());
        Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u0001', html);
        Assert.Contains("&lt;img src=http://evil.test/x onerror=&quot;alert(2)&quot;&gt;", html, StringComparison.Ordinal);
        ReportPages.AssertSelfContained(html);
        // The document in the page is still the one that was given.
        using var inside = JsonDocument.Parse(ReportPages.Json(html));
        Assert.Equal(Hostile, inside.RootElement.GetProperty("bottleneck").GetString());
    }

    [Fact]
    public void Numbers_of_any_size_and_sign_are_drawn_inside_the_drawing()
    {
        var json = new MigrationResult
        {
            Status = MigrationStatus.Completed, SetupTime = 7e-300, Downtime = -5, DowntimeLimit = 6e300, ExpectedDowntime = 0, Ram = Ram,
            Passes = [Pass(1, 1e300, 1e300), Pass(2, -4, -1e300), Pass(3, 0, 0), Pass(int.MaxValue, 1e-300, 7e-300)],
            Samples = [new(-1e300, -5, long.MinValue, -1e300, 1e-300, -7), new(1e300, long.MaxValue, long.MaxValue, 1e300, null, 1e300), new(0, 0, 0, null, null, null)],
            DowntimeBreakdown = new DowntimeBreakdown(0, 0, null, null, [new("stop", MigrationSide.Source, -1e300, 1e300), new("verify", null, 1e300, 1e300)], []),
        }.ToJson().Replace("6E+300", "1e999", StringComparison.Ordinal);
        var html = Page("run.json", json);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        foreach (Match position in Regex.Matches(html, @" (?:x|y|x1|x2|y1|y2|cx|cy|width|height|points)=""([^""]*)"""))
            foreach (var number in position.Groups[1].Value.Split(' ', ','))
                Assert.True(number == "device-width" || double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) is >= 0 and <= 10_000, position.Value);
    }

    [Fact]
    public void Samples_are_drawn_where_there_are_some_and_passes_where_not()
    {
        var passes = ReportPages.Completed() with { SetupTime = 100, Passes = [Pass(1, 100, 1 << 20), Pass(2, 100, 1 << 20)] };
        var sampled = passes with { Samples = [new(150, 1000, 1 << 21, 1 << 22, null, 7), new(200, 2000, 1 << 20, 1 << 20, 5, 8), new(250, 2000, 0, 1 << 20, 5, 9)] };
        var html = Page(sampled);
        Assert.DoesNotContain("no samples within the passes", html, StringComparison.Ordinal);
        // Setup is a third of 300 ms, and the first rate is of all the time since.
        Assert.Matches(@"points=""353\.33,\S+ 485,", html);
        Assert.Contains("no samples within the passes", Page(passes), StringComparison.Ordinal);
        Assert.Equal(Regex.Count(html, "class=\"mark\""), Regex.Count(Page(passes), "class=\"mark\""));
    }

    [Theory]
    [InlineData(1200, false)]
    [InlineData(61_000, true)]
    public void Forecast_far_over_the_limit_is_clipped_and_the_chart_says_so(double expected, bool clipped)
    {
        var html = Page(ReportPages.Completed() with { SetupTime = 100, Passes = [Pass(1, 100, 1 << 20) with { ExpectedDowntimeMs = expected }, Pass(2, 100, 1 << 20)] });
        Assert.Equal(clipped, html.Contains(">clipped at 1.26 s; highest 61 s</text>", StringComparison.Ordinal));
        Assert.Equal(clipped, html.Contains(">clipped at", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_runs_are_one_page_with_what_they_have_in_common()
    {
        var runs = Enumerable.Range(1, 5).Select(i => ReportPages.Completed(downtime: 10 * i).ToJson());
        var html = Page("runs.json", string.Join('\n', runs.Append(new MigrationResult { Status = MigrationStatus.Failed }.ToJson())));
        Assert.Contains("5 of 6 completed", html, StringComparison.Ordinal);
        Assert.Matches(@"blackout</th>\s*<td class=""number"">30 ms</td>\s*<td class=""number"">10 ms</td>\s*<td class=""number"">50 ms</td>", html);
        Assert.Equal(6, Regex.Count(html, "type=\"application/json\""));
        foreach (Match link in Regex.Matches(html, "href=\"#([^\"]*)\""))
            Assert.Contains($"id=\"{link.Groups[1].Value}\"", html, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(html, " id=\""), Regex.Matches(html, " id=\"[^\"]*\"").Select(id => id.Value).Distinct().Count());
        ReportPages.AssertSelfContained(html);
    }

    private static RamReport Ram => new()
    {
        Total = 1 << 20, Transferred = 2, Remaining = 3, Duplicate = 4, Normal = 5, NormalBytes = 6, DirtySyncCount = 7, MultifdBytes = 8,
    };

    private static PassReport Pass(int number, double durationMs, double rate) => new()
    {
        Pass = number, DirtyPages = 1000, SentPages = 900, ZeroPages = 100, WireBytes = 3_700_000, DurationMs = durationMs, SyncMs = 0.1,
        BandwidthBytesPerSecond = rate, DirtyBytesPerSecond = rate / 2, ExpectedDowntimeMs = durationMs,
    };

    private static string Page(MigrationResult result) => Page("run.json", result.ToJson());

    private static string Page(string name, string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("in.json"), json);
        var documents = ReportReader.Read(folder.At("in.json"));
        return ReportPage.Of(documents.Count > 1 ? documents : [documents[0] with { Name = name }]);
    }
}
