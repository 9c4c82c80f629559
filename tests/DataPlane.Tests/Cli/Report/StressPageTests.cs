using System.Text.RegularExpressions;
using DataPlane.Cli.Report;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

public sealed class StressPageTests
{
    [Fact]
    public void Values_of_a_comparison_stand_side_by_side_in_a_drawing_and_a_table()
    {
        var html = Page(StressRuns.Channels());
        Assert.Contains("15 of 15 runs ended as expected", html, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict good\"", html, StringComparison.Ordinal);
        foreach (var (value, blackout, rate) in (IEnumerable<(string, string, string)>)[("1", "13 ms", "10 Gbit/s"), ("2", "23 ms", "20 Gbit/s"), ("8", "83 ms", "80 Gbit/s")])
        {
            Assert.Matches($@">{value}</th>\s*<td class=""number"">5</td>\s*<td class=""number"">5</td>\s*<td class=""number"">{blackout}</td>\s*<td[^>]*>1 s</td>\s*<td[^>]*>{rate}</td>\s*<td[^>]*>25 %</td>", html);
            Assert.Contains($">{blackout}</text>", html, StringComparison.Ordinal);
        }
        Assert.Equal(3, Regex.Count(html, "class=\"spread\"")); // Blackouts differ, and nothing else does.
    }

    [Fact]
    public void Run_that_went_wrong_has_its_reason_and_the_line_that_repeats_it_before_all_else()
    {
        var failed = StressRuns.Run(new MigrationResult { Status = MigrationStatus.Failed }, "2", 6, "failed", "the guest <b>runs</b> on both sides");
        var html = Page([.. StressRuns.Channels(), failed]);
        Assert.Contains("15 of 16 runs ended as expected", html, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict bad\"", html, StringComparison.Ordinal);
        Assert.Contains("the guest &lt;b&gt;runs&lt;/b&gt; on both sides", html, StringComparison.Ordinal);
        var repeat = html.IndexOf("<pre tabindex=\"0\">dataplane stress channels --only 2 --seed 6</pre>", StringComparison.Ordinal);
        Assert.InRange(repeat, 1, html.IndexOf("<svg", StringComparison.Ordinal));
        Assert.Equal(1, Regex.Count(html, "<pre tabindex=\"0\">dataplane stress"));
    }

    [Fact]
    public void What_proves_nothing_is_counted_out_and_said()
    {
        var html = Page([.. StressRuns.Channels(), StressRuns.Run(ReportPages.Completed(downtime: 9_000), "2", 6, "void", "no page was written")]);
        Assert.Contains("1 prove nothing", html, StringComparison.Ordinal);
        Assert.Matches(@">blackout</th>\s*<td[^>]*>15</td>\s*(?:<td[^>]*>[^<]*</td>\s*){3}<td[^>]*>85 ms<", html);
    }

    [Fact]
    public void Each_run_is_folded_up_and_can_be_gone_to()
    {
        var html = Page(StressRuns.Channels());
        Assert.Equal(15, Regex.Count(html, "<details class=\"run\">"));
        var places = Regex.Matches(html, "href=\"#(r\\d+)\"").Select(link => link.Groups[1].Value).ToList();
        Assert.Equal(15, places.Distinct().Count());
        Assert.All(places, place => Assert.Contains($"<section id=\"{place}\">", html, StringComparison.Ordinal));
        Assert.Equal(Regex.Count(html, " id=\""), Regex.Matches(html, " id=\"[^\"]*\"").Select(id => id.Value).Distinct().Count());
    }

    [Fact]
    public void Of_very_many_runs_the_bad_ones_and_some_others_are_there_in_full()
    {
        var many = Enumerable.Range(0, 120).Select(i => StressRuns.Run(ReportPages.Completed(), "1", i, i >= 110 ? "failed" : "passed"));
        var html = Page(many);
        Assert.Equal(100, Regex.Count(html, "<details class=\"run\">"));
        Assert.Contains("<section id=\"r120\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"r100\">", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"#r100\"", html, StringComparison.Ordinal);
        Assert.Contains("the other 20", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_guest_noticed_is_told_and_drawn_from_before_the_migration_on()
    {
        var html = Page([StressRuns.Run(ReportPages.Completed(), "1", 1)]);
        Assert.Contains("the guest&#39;s own work took 25 % more time than before", html, StringComparison.Ordinal);
        Assert.Equal("1 s", ReportPages.Figure(html, "before the migration"));
        Assert.Equal("1.25 s", ReportPages.Figure(html, "during it, while the guest ran"));
        Assert.DoesNotContain(">after it, at the destination<", html, StringComparison.Ordinal);
        Assert.Contains(">-200 ms</text>", html, StringComparison.Ordinal);
    }

    private static string Page(IEnumerable<System.Text.Json.Nodes.JsonObject> runs)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("stress.json"), StressRuns.Document(runs));
        var html = ReportPage.Of(ReportReader.ReadAll(folder.At("stress.json")));
        ReportPages.AssertSelfContained(html);
        return html;
    }
}
