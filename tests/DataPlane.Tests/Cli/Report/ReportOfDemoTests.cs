using System.Text.Json;
using System.Text.RegularExpressions;
using DataPlane.Cli.Report;
using DataPlane.Cli.Units;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

/// <summary>From a migration to its page.</summary>
[Collection("listeners")]
public sealed class ReportOfDemoTests
{
    [Fact]
    public async Task Page_of_a_real_migration_has_the_numbers_of_its_document()
    {
        using var folder = new TemporaryFolder();
        await using var demo = ProgramProcess.Start(
            $"demo --guest synthetic --memory 64MiB --run-for 100ms --progress none --json {folder.At("run.json")} --report {folder.At("live.html")}");
        var (code, output, errors) = await demo.EndAsync();
        // A loaded machine may miss the limit; there is a page all the same.
        Assert.True(code is 0 or 10, errors);
        Assert.StartsWith("completed", output, StringComparison.Ordinal);
        var made = await ProgramRun.OfAsync("report", folder.At("run.json"), "--out", folder.At("later.html"));
        Assert.Equal(0, made.Code);
        var document = ReportReader.Read(folder.At("run.json")).Single();
        var result = document.Result;
        foreach (var page in (string[])["live.html", "later.html"])
        {
            var html = await File.ReadAllTextAsync(folder.At(page));
            ReportPages.AssertSelfContained(html);
            Assert.Contains("Completed: the guest moved to the destination.", html, StringComparison.Ordinal);
            Assert.Equal(ForPeople.Milliseconds(result.Downtime!.Value), ReportPages.Figure(html, "blackout"));
            Assert.Equal(ForPeople.Milliseconds(result.TotalTime!.Value), ReportPages.Figure(html, "total time"));
            Assert.Equal(ForPeople.BitRate(result.Ram!.Mbps!.Value * 125_000), ReportPages.Figure(html, "throughput over the passes"));
            Assert.Equal(ForPeople.Count(result.Ram.Normal), ReportPages.Figure(html, "with contents"));
            foreach (var segment in result.DowntimeBreakdown!.Segments)
                Assert.Contains($">{ForPeople.Microseconds(segment.DurationUs)} us</text>", html, StringComparison.Ordinal);
            Assert.Equal(result.Environment!.Options["seed"], ReportPages.Figure(html, "seed"));
            Assert.Equal(result.Passes.Count, Regex.Count(html, "class=\"mark\"") / Regex.Count(html, "id=\"r1[a-cg]-t\""));
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(document.Json), JsonElement.Parse(ReportPages.Json(html))));
        }
    }
}
