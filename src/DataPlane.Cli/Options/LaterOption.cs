using System.CommandLine;
using System.CommandLine.Parsing;

namespace DataPlane.Cli.Options;

/// <summary>
/// An option whose name is settled and whose work is not there yet. It accepts the value that changes nothing and refuses any other
/// by name, which is better than to take it silently. Not shown in help.
/// </summary>
internal sealed class LaterOption : Option<string>, ICommandOption
{
    private readonly string? _only;

    /// <param name="name">With the two dashes.</param>
    /// <param name="only">The one value accepted; null where leaving it out is all that is accepted.</param>
    public LaterOption(string name, string? only)
        : base(name)
    {
        _only = only;
        Arity = ArgumentArity.ZeroOrOne;
        Hidden = true;
        Validators.Add(Check);
    }

    public string Form => _only is null ? "it to be left out: this version does not have it" : $"{_only}: all that this version has";

    public string? Effective(ParseResult parse) => null;

    public IEnumerable<string> Arguments(string effective) => [];

    private void Check(OptionResult result)
    {
        if (result.Tokens.Count == 1 && result.Tokens[0].Value == _only) return;
        var given = result.Tokens.Count == 0 ? "" : $" '{result.Tokens[0].Value}'";
        result.AddError($"{Name}{given}: expected {Form}");
    }
}
