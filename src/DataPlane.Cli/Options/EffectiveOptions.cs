using System.CommandLine;
using DataPlane.Results;

namespace DataPlane.Cli.Options;

/// <summary>
/// The options as in effect: given, default, or settled at start. They go into the result document and to the destination that a demo
/// starts.
/// </summary>
internal sealed class EffectiveOptions
{
    private readonly List<(ICommandOption Option, string Text)> _values = [];

    public EffectiveOptions(ParseResult parse)
    {
        foreach (var option in parse.CommandResult.Command.Options.Where(option => !option.Hidden).OfType<ICommandOption>())
            if (option.Effective(parse) is { } text)
                _values.Add((option, text));
    }

    /// <summary>Replaces the value of <paramref name="option"/> by what has been settled. One that has no effect here stays out.</summary>
    public void Settle<T>(ValueOption<T> option, string text)
    {
        if (option.Hidden) return;
        _values.RemoveAll(value => value.Option == option);
        _values.Add((option, text));
    }

    /// <summary>Arguments that give another process the same values of <paramref name="options"/>.</summary>
    public IEnumerable<string> Arguments(IEnumerable<Option> options) => options.OfType<ICommandOption>().SelectMany(
        option => _values.Where(value => value.Option == option).SelectMany(value => option.Arguments(value.Text)));

    /// <summary>The result with these options beside those the library states; where both know one, the library's is the one in effect.</summary>
    public MigrationResult Into(MigrationResult result)
    {
        if (result.Environment is not { } environment) return result;
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (option, text) in _values)
            all[option.Name[2..]] = text;
        foreach (var (name, text) in environment.Options)
            all[name] = text;
        return result with { Environment = environment with { Options = all } };
    }
}
