using System.Text;
using DataPlane.Cli.Report;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

public sealed class ReportReaderTests
{
    private static readonly string Whole = ReportPages.Completed().ToJson();

    public static TheoryData<string, string> Refusals => new()
    {
        { "", "holds no run" },
        { "hello", "not JSON" },
        { Whole[..^3], "not JSON" },
        { "{\n\"schema\": \"a\"", "it is not JSON: line 2, byte 14: it ends in the middle." },
        { Whole + "}", "not JSON" },
        { new string('[', 2000), "not JSON" },
        { "[]", "no \"schema\"" },
        { "{\"schema\": 7}", "no \"schema\"" },
        { "{\"schema\": \"\\ud800\"}", "no \"schema\"" },
        { "{\"schema\": \"dataplane.other/1\"}", "dataplane.other/1" },
        { "{\"schema\": \"dataplane.predict/1\"}", "prediction, which has no page" },
        { "{\"schema\": \"dataplane.link/1\"}", "link 1 in it is not whole" },
        { "{\"schema\": \"dataplane.migration/1\"}", "document 1 in it is not whole: \"status\" missing." },
        { "{\n\"schema\" 2}", "it is not JSON: line 2, byte 10: " },
        { "{\"schema\": \"dataplane.stress/1\"}", "\"runs\"" },
        { "{\"schema\": \"dataplane.stress/1\", \"runs\": []}", "no run" },
        { "{\"schema\": \"dataplane.stress/1\", \"runs\": [{}]}", "another schema" },
        { With("\"passes\": []", "\"passes\": [null]"), "null in a list" },
        { With("\"passes\": []", "\"passes\": null"), "not whole" },
        { With("\"passes\": []", "\"passes\": 5"), "not whole: $.passes is none of what it may be." },
        { With("\"status\": \"completed\"", "\"status\": \"great\""), "$.status" },
        { With("\"total\": 1048576,", ""), "total" },
        { With("\"bottleneck\": null", "\"bottleneck\": \"\\udc00\""), "not whole" },
        { With("\"downtime-breakdown\": null", "\"downtime-breakdown\": {}"), "not whole" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task File_that_is_no_result_is_refused_with_its_name_and_the_reason(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("in.json"), text);
        await AssertRefusedAsync(folder, reason);
    }

    [Fact]
    public async Task File_that_is_no_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.At("in.json"), [.. Encoding.UTF8.GetBytes("{\"schema\": \""), 0xff, 0xfe]);
        await AssertRefusedAsync(folder, "not UTF-8");
    }

    [Fact]
    public async Task File_without_an_end_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.At("in.json"), "/dev/zero");
        await AssertRefusedAsync(folder, "longer than 64 MiB");
    }

    [Fact]
    public void Documents_behind_each_other_and_runs_of_a_set_are_all_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.At("in.json"), $"\uFEFF{Whole}\n{Whole}{{\"schema\": \"dataplane.stress/1\", \"runs\": [{Whole}], \"seed\": 1}}\n", new UTF8Encoding(false));
        var read = ReportReader.Read(folder.At("in.json"));
        Assert.Equal(["in.json (1 of 3)", "in.json (2 of 3)", "in.json (3 of 3)"], read.Select(document => document.Name));
        Assert.All(read, document => Assert.Equal(Whole, document.Result.ToJson()));
    }

    [Theory]
    [InlineData("report", "FILE")]
    [InlineData("report --bogus", "--help")]
    [InlineData("report /nonexistent/run.json", "/nonexistent/run.json")]
    [InlineData("report ftp://host/run.json", "'ftp://host/run.json': expected a FILE")]
    [InlineData("report /", "it is a directory")]
    [InlineData("demo --report /", "it is a directory")]
    [InlineData("report --out", "FILE.html")]
    [InlineData("report compare one.json", "two FILEs")]
    [InlineData("report compare one.json two.json three.json", "two FILEs")]
    [InlineData("report compare a b --max-regress 5", "5%")]
    [InlineData("report compare a b --max-regress -5%", "5%")]
    [InlineData("demo --report /proc/none/run.html", "FILE.html")]
    public async Task Wrong_command_line_gets_one_line(string line, string form)
    {
        var run = await ProgramRun.OfAsync(line.Split(' '));
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(form, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_does_not_take_the_place_of_what_it_is_made_of()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("in.json"), Whole);
        var run = await ProgramRun.OfAsync("report", folder.At("in.json"), "--out", folder.At("in.json"));
        Assert.Equal(2, run.Code);
        Assert.Equal(Whole, await File.ReadAllTextAsync(folder.At("in.json")));
    }

    [Theory]
    [InlineData("{\"schema\": \"dataplane.predict/1\"}", "it is a prediction, and no run.")]
    [InlineData("{\"schema\": \"dataplane.other/1\"}", "its schema is \"dataplane.other/1\".")]
    public async Task Comparison_names_the_documents_that_it_takes_and_no_others(string text, string reason)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("in.json"), text);
        var run = await ProgramRun.OfAsync("report", "compare", folder.At("in.json"), folder.At("in.json"));
        Assert.Equal(
            (2, $"dataplane report compare: '{folder.At("in.json")}': expected result documents of migrations as --json writes them, schema \"dataplane.migration/1\" or \"dataplane.stress/1\"; {reason}\n"),
            (run.Code, run.Error));
    }

    private static string With(string text, string replacement)
    {
        Assert.Contains(text, Whole, StringComparison.Ordinal);
        return Whole.Replace(text, replacement, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(TemporaryFolder folder, string reason)
    {
        var run = await ProgramRun.OfAsync("report", folder.At("in.json"));
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith($"dataplane report: '{folder.At("in.json")}': ", run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        foreach (var inside in new[] { "DataPlane.", "System.", "LineNumber" }) Assert.DoesNotContain(inside, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("in.html")));
    }
}
