using System.CommandLine;
using System.CommandLine.Parsing;

namespace DataPlane.Cli.Options;

/// <summary>
/// An option with one value. The default is kept here and not in the parser, so that help shows it as a user would type it and a
/// value that was not given can be told from one that was.
/// </summary>
internal sealed class ValueOption<T> : Option<T>, ICommandOption
{
    private readonly ValueReader<T> _read;
    private readonly string? _default;

    public ValueOption(string name, string helpName, string? defaultText, string description, string form, ValueReader<T> read)
        : base(name)
    {
        (Form, _read, _default) = (form, read, defaultText);
        Arity = ArgumentArity.ExactlyOne;
        HelpName = helpName;
        Description = defaultText is null ? description : $"{description} [{defaultText}]";
        CustomParser = Parse;
    }

    public string Form { get; }

    /// <summary>The value given, or the default.</summary>
    public T Value(ParseResult parse)
    {
        if (parse.GetResult(this) is { Implicit: false }) return parse.GetValue(this)!;
        if (_default is null) return default!;
        return _read(_default, out var value) ? value : throw new InvalidOperationException($"{Name} does not accept its default '{_default}'.");
    }

    public string? Effective(ParseResult parse) =>
        parse.GetResult(this) is OptionResult { Implicit: false } given ? given.Tokens[0].Value : _default;

    public bool Accepts(string effective) => _read(effective, out _);

    public IEnumerable<string> Arguments(string effective) => [Name, effective];

    private T? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (_read(text, out var value)) return value;
        result.AddError($"{Name} '{text}': expected {Form}");
        return default;
    }
}
