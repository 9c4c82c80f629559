using System.CommandLine;
using System.CommandLine.Parsing;

namespace DataPlane.Cli.Options;

/// <summary>An option that may be given several times, one value each time.</summary>
internal sealed class ListOption<T> : Option<T[]>, ICommandOption
{
    private readonly ValueReader<T> _read;

    public ListOption(string name, string helpName, string description, string form, ValueReader<T> read)
        : base(name)
    {
        (Form, _read) = (form, read);
        Arity = ArgumentArity.OneOrMore;
        HelpName = helpName;
        Description = description;
        CustomParser = Parse;
    }

    public string Form { get; }

    /// <summary>The values in the order in which they were given; empty without.</summary>
    public IReadOnlyList<T> Values(ParseResult parse) => parse.GetResult(this) is { Implicit: false } ? parse.GetValue(this)! : [];

    public string? Effective(ParseResult parse) =>
        parse.GetResult(this) is OptionResult { Implicit: false } given ? string.Join(',', given.Tokens.Select(token => token.Value)) : null;

    public bool Accepts(string effective) => effective.Split(',').All(value => _read(value, out _));

    public IEnumerable<string> Arguments(string effective) => effective.Split(',').SelectMany(value => (string[])[Name, value]);

    private T[]? Parse(ArgumentResult result)
    {
        var values = new List<T>(result.Tokens.Count);
        foreach (var token in result.Tokens)
        {
            if (_read(token.Value, out var value)) values.Add(value);
            else result.AddError($"{Name} '{token.Value}': expected {Form}");
        }
        return [.. values];
    }
}
