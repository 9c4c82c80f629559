using System.CommandLine;

namespace DataPlane.Cli.Options;

/// <summary>What errors, help, the child of <c>demo</c> and the result document need to know of an option.</summary>
internal interface ICommandOption
{
    /// <summary>With the two dashes.</summary>
    string Name { get; }

    /// <summary>What is accepted, as the end of a sentence.</summary>
    string Form { get; }

    /// <summary>The value in effect, as text that the option itself accepts; null where it is not set and has no default.</summary>
    string? Effective(ParseResult parse);

    /// <summary>Whether <paramref name="effective"/> is a value that <see cref="Effective"/> may have.</summary>
    bool Accepts(string effective);

    /// <summary>The arguments that give another process the same value.</summary>
    IEnumerable<string> Arguments(string effective);
}
