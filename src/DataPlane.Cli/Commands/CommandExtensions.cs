using System.CommandLine;

namespace DataPlane.Cli.Commands;

/// <summary>Putting sets of options on a command.</summary>
internal static class CommandExtensions
{
    public static Command With(this Command command, IEnumerable<Option> options)
    {
        foreach (var option in options)
            command.Add(option);
        return command;
    }
}
