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
    public static async Task<int> RunAsync(string[] arguments, ProgramStreams streams)
    {
        var root = new RootCommand("Moves a running virtual machine's memory and device state to another host. Trusted networks only: the stream is plain text.")
        {
            new DemoCommand().Create(streams),
            new SendCommand().Create(streams),
            new ReceiveCommand().Create(streams),
            new LinkCommand().Create(streams),
            new RecordCommand().Create(streams),
            new PredictCommand().Create(streams),
            new StressCommand().Create(streams),
            new StressPeerCommand().Create(streams),
            new DoctorCommand().Create(streams),
            new ReportCommand().Create(streams),
            new HandoverCommand().Create(streams),
        };
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

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "dataplane";
}
