using System.CommandLine;
using System.CommandLine.Parsing;

namespace DataPlane.Cli.Options;

/// <summary>The one line for a wrong command line: what is wrong with which option, and what it accepts.</summary>
internal static class UsageErrors
{
    public static string Describe(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (parse.UnmatchedTokens.Count > 0)
            return Unknown(command, parse.UnmatchedTokens[0]);
        var error = parse.Errors[0];
        if (OptionOf(error.SymbolResult) is { } given && given.Option is ICommandOption option)
            return error.Message.StartsWith(option.Name, StringComparison.Ordinal) ? error.Message
                : given.IdentifierTokenCount == 0 ? $"{option.Name} is missing: expected {option.Form}"
                : given.IdentifierTokenCount > 1 ? $"{option.Name} is given {given.IdentifierTokenCount} times: expected once, with {option.Form}"
                : $"{option.Name} has no value: expected {option.Form}";
        return command.Subcommands.Count > 0
            ? $"a command is missing: expected one of {Commands(command)}"
            : error.Message.ReplaceLineEndings(" ");
    }

    private static string Commands(Command command) => string.Join(", ", command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name));

    private static OptionResult? OptionOf(SymbolResult? result) => result as OptionResult ?? result?.Parent as OptionResult;

    /// <summary>What is said of a word that belongs nowhere.</summary>
    public static string Unknown(Command command, string token)
    {
        if (command.Subcommands.Count > 0 && !token.StartsWith('-'))
            return $"'{token}' is no command: expected one of {Commands(command)}";
        if (!token.StartsWith('-'))
            return $"'{token}' belongs to no option: expected options with at most one value each, as --help lists them";
        var name = token.Split('=')[0];
        var near = command.Options.Where(option => !option.Hidden).Select(option => option.Name)
            .Select(known => (known, Distance: Spelling.Distance(name, known)))
            .Where(candidate => candidate.Distance <= 2).OrderBy(candidate => candidate.Distance).Select(candidate => candidate.known).FirstOrDefault();
        return near is null
            ? $"'{name}' is no option of this command: expected those that --help lists"
            : $"'{name}' is no option of this command: expected perhaps {near}; --help lists all";
    }
}
