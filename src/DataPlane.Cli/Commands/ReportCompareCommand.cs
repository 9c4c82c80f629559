using System.CommandLine;
using System.Text.Json;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Report;
using DataPlane.Cli.Report.Compare;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane report compare A B</c>: whether B is worse than A by more than chance, and more than is allowed.</summary>
internal sealed class ReportCompareCommand
{
    private readonly ReportFiles _files = new("Two FILEs: A, to compare with, and B. Each has one result document, or better several.");

    private readonly ValueOption<double?> _maxRegress = new(
        "--max-regress", "PERCENT", null, "Exit with 1 where a median of B is worse by more, and not by chance, or fewer of its runs completed.",
        Percent.Form, Percent.TryParse);

    private readonly ValueOption<string?> _json = CommonOptionSet.NewJson();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("compare", "Compare two sets of result documents: medians, how far their change may be chance, and a gate.") { _files, _maxRegress, _json };
        command.SetAction(parse => ReportCommand.Guarded(streams, "report compare", () => Run(parse, streams)));
        return command;
    }

    private int Run(ParseResult parse, ProgramStreams streams)
    {
        var paths = _files.Read(parse, least: 2, most: 2, "two FILEs, A and B");
        using var json = new JsonOutput(_json.Value(parse), streams.Out);
        var comparison = Comparison.Of(paths[0], ReportReader.Read(paths[0]), paths[1], ReportReader.Read(paths[1]), _maxRegress.Value(parse));
        var written = json.TryWrite(
            JsonSerializer.Serialize(comparison, ComparisonJson.Default.Comparison), line => streams.Error.WriteLine($"dataplane report compare: {line}"));
        if (!json.TakesStandardOutput) ComparisonText.Write(streams.Out, comparison);
        else foreach (var why in comparison.Regressions) streams.Error.WriteLine($"dataplane report compare: regression: {why}");
        return comparison.Regressions.Count > 0 ? ExitCodes.Failed : written ? ExitCodes.Completed : ExitCodes.LackOfResources;
    }
}
