using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Report;

/// <summary>The files that a command reads. Counted here and not by the parser, which would name no file in its errors.</summary>
internal sealed class ReportFiles : Argument<string[]>
{
    public ReportFiles(string description)
        : base("FILE")
    {
        Arity = ArgumentArity.ZeroOrMore;
        Description = description;
    }

    /// <summary>Throws <see cref="UsageException"/> where there are fewer or more, or an option that is none.</summary>
    public string[] Read(ParseResult parse, int least, int most, string form)
    {
        var paths = parse.GetValue(this) ?? [];
        if (paths.FirstOrDefault(path => path.StartsWith('-')) is { } option)
            throw new UsageException(UsageErrors.Unknown(parse.CommandResult.Command, option));
        if (paths.FirstOrDefault(path => Readers.Scheme(path) is not null) is { } url) throw new UsageException($"FILE '{url}': expected a FILE; a URL is none");
        return paths.Length >= least && paths.Length <= most ? paths : throw new UsageException($"FILE is given {(paths.Length == 1 ? "once" : $"{paths.Length} times")}: expected {form}");
    }
}
