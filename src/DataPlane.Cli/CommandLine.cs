using System.CommandLine;
using System.CommandLine.Parsing;
using DataPlane.Cli.Commands;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;
using DataPlane.Cli.Stress;

namespace DataPlane.Cli;

/// <summary>The program's commands, and what happens to a command line that is none of them.</summary>
internal static class CommandLine
{
    private static readonly (string Name, Func<ProgramStreams, Command> Create)[] Commands =
    [
        ("demo", streams => new DemoCommand().Create(streams)),
        ("send", streams => new SendCommand().Create(streams)),
        ("receive", streams => new ReceiveCommand().Create(streams)),
        ("link", streams => new LinkCommand().Create(streams)),
        ("record", streams => new RecordCommand().Create(streams)),
        ("predict", streams => new PredictCommand().Create(streams)),
        ("stress", streams => new StressCommand().Create(streams)),
        (StressPeerCommand.Name, streams => new StressPeerCommand().Create(streams)),
        ("doctor", streams => new DoctorCommand().Create(streams)),
        ("report", streams => new ReportCommand().Create(streams)),
        ("handover", streams => new HandoverCommand().Create(streams)),
    ];

    public static async Task<int> RunAsync(string[] arguments, ProgramStreams streams)
    {
        var root = new RootCommand("Moves a running virtual machine's memory and device state to another host. Trusted networks only: the stream is plain text.");
        foreach (var command in Named(arguments)) root.Add(command(streams));
        // A value that starts with @ is a value here, not a file of arguments.
        var parse = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Help or a version asked for beside a mistake is still given.
        if (parse.Errors.Count > 0 && parse.Action is null or System.CommandLine.Invocation.ParseErrorAction)
        {
            await streams.Error.WriteLineAsync($"{NameOf(parse.CommandResult)}: {UsageErrors.Describe(parse)}");
            return ExitCodes.Usage;
        }
        return await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = streams.Out,
            Error = streams.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>
    /// The command that the line begins with, alone: to make the others would load what only they need, and a destination keeps its descriptors for
    /// connections. All of them where it begins with none, for the help and for what a mistake may have meant.
    /// </summary>
    private static IEnumerable<Func<ProgramStreams, Command>> Named(string[] arguments)
    {
        var named = Commands.Where(command => arguments.Length > 0 && command.Name == arguments[0]).Select(command => command.Create).ToArray();
        return named.Length > 0 ? named : Commands.Select(command => command.Create);
    }

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "dataplane";
}
