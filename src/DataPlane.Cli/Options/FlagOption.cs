using System.CommandLine;

namespace DataPlane.Cli.Options;

/// <summary>An option that is given or not and takes no value.</summary>
internal sealed class FlagOption : Option<bool>, ICommandOption
{
    private const string On = "on", Off = "off";

    public FlagOption(string name, string description)
        : base(name)
    {
        Arity = ArgumentArity.Zero;
        Description = description;
    }

    public string Form => "no value: it is given or left out";

    public bool Value(ParseResult parse) => parse.GetResult(this) is { Implicit: false };

    public string? Effective(ParseResult parse) => Value(parse) ? On : Off;

    public bool Accepts(string effective) => effective is On or Off;

    public IEnumerable<string> Arguments(string effective) => effective == On ? [Name] : [];
}
