using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Report;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane report</c>: result documents as one page that needs nothing beside it.</summary>
internal sealed class ReportCommand
{
    private readonly ReportFiles _files = new("Documents as --json of demo, send, receive, stress and link client writes them.");

    private readonly ValueOption<string?> _out = new(
        "--out", "FILE.html", null, "Where the page goes. Left out: beside the first FILE, with html for json at its end.", "a FILE.html that can be written", Readers.File!);

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("report", "Write migrations, stresses and measurements of links as one HTML page that needs no network and no script.")
        {
            _files, _out, new ReportCompareCommand().Create(streams),
        };
        command.SetAction(parse => Guarded(streams, "report", () => Write(parse, streams)));
        return command;
    }

    /// <summary>Turns what is wrong with the command line, or with a file, into the one line and the exit code.</summary>
    public static int Guarded(ProgramStreams streams, string command, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (UsageException wrong)
        {
            streams.Error.WriteLine($"dataplane {command}: {wrong.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
        catch (IOException fault)
        {
            streams.Error.WriteLine($"dataplane {command}: {fault.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.LackOfResources;
        }
    }

    private int Write(ParseResult parse, ProgramStreams streams)
    {
        var paths = _files.Read(parse, least: 1, most: int.MaxValue, "one FILE or more with result documents");
        var contents = ReportContents.Of([.. paths.Select(ReportReader.ReadAll)]);
        var page = _out.Value(parse) ?? Beside(paths[0]);
        if (paths.Any(path => Path.GetFullPath(path) == Path.GetFullPath(page)))
            throw new UsageException($"--out '{page}': expected another file than those that are read");
        using (var file = ReportOutput.Open("--out", page))
            ReportOutput.Replace(file, ReportPage.Of(contents));
        streams.Out.WriteLine(page);
        return ExitCodes.Completed;
    }

    private static string Beside(string path) =>
        Path.GetExtension(path) == ".json" ? Path.ChangeExtension(path, ".html") : path + ".html";
}
