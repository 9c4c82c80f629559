using System.Text;
using System.Text.Json;

namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>
/// Reads a scenario file: JSON, with comments and commas at ends allowed, since people write it. Whatever is wrong is told with its line
/// (<see cref="ScenarioFault"/>); of several mistakes the first.
/// </summary>
internal sealed class ScenarioReader
{
    private const string NameForm = "a name of 1 to 80 characters";
    private const int LongestName = 80;

    private static readonly JsonReaderOptions _lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly string _file;
    private readonly byte[] _text;
    private readonly Dictionary<string, ScenarioKey> _keys;

    private ScenarioReader(string file, byte[] text, IEnumerable<ScenarioKey> keys) =>
        (_file, _text, _keys) = (file, text, keys.ToDictionary(key => key.Name));

    /// <param name="file">Its name, for mistakes.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="keys">What options there are.</param>
    public static Scenario Read(string file, ReadOnlySpan<byte> text, IEnumerable<ScenarioKey> keys)
    {
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        var reader = new ScenarioReader(file, text.ToArray(), keys);
        try
        {
            return reader.ReadScenario();
        }
        catch (JsonException fault)
        {
            throw new ScenarioFault($"{file}:{(fault.LineNumber ?? 0) + 1}", null, $"this is not JSON ({Sentence(fault.Message)})");
        }
        catch (InvalidOperationException)
        {
            throw new ScenarioFault(file, null, "this is not UTF-8 text");
        }
    }

    private Scenario ReadScenario()
    {
        var json = new Utf8JsonReader(_text, _lenient);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw Fault(json, null, "expected an object { ... }");
        string? name = null, about = null;
        Dictionary<string, string> options = [];
        List<ScenarioComparison> comparisons = [];
        var seen = new HashSet<string>();
        while (NextKey(ref json, seen) is { } key)
        {
            switch (key)
            {
                case "scenario": name = Name(ref json, key); break;
                case "about": about = Text(ref json, key, "a sentence in quotes"); break;
                case "options": options = Options(ref json); break;
                case "comparisons": comparisons = Comparisons(ref json); break;
                default: throw Fault(json, key, "expected scenario, about, options or comparisons");
            }
        }
        if (json.Read()) throw Fault(json, null, "expected nothing behind the scenario");
        return name is null ? throw new ScenarioFault($"{_file}:1", "scenario", $"is missing: expected {NameForm}")
            : new Scenario(name, about, options, comparisons, $"{_file}:1");
    }

    private List<ScenarioComparison> Comparisons(ref Utf8JsonReader json)
    {
        Begin(ref json, "comparisons", JsonTokenType.StartArray, "a list [ ... ] of comparisons");
        var comparisons = new List<ScenarioComparison>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) throw Fault(json, "comparisons", "expected objects { ... } in the list");
            var comparison = Comparison(ref json);
            if (comparisons.Any(other => other.Name == comparison.Name))
                throw new ScenarioFault(comparison.Place, "name", $"another comparison is called '{comparison.Name}': expected each name once");
            comparisons.Add(comparison);
        }
        return comparisons;
    }

    private ScenarioComparison Comparison(ref Utf8JsonReader json)
    {
        var place = Place(json);
        string? name = null, vary = null;
        Dictionary<string, string> options = [];
        List<(string Text, string Place)>? values = null;
        var seen = new HashSet<string>();
        while (NextKey(ref json, seen) is { } key)
        {
            switch (key)
            {
                case "name": name = Name(ref json, key); break;
                case "vary":
                    vary = Text(ref json, key, "the name of an option");
                    if (!_keys.ContainsKey(vary)) throw Fault(json, key, $"'{vary}' is no option: expected one of {Known}");
                    break;
                case "values": values = Values(ref json); break;
                case "options": options = Options(ref json); break;
                default: throw Fault(json, key, "expected name, vary, values or options");
            }
        }
        if (vary is null) throw new ScenarioFault(place, "vary", "is missing: expected the name of the option that this comparison varies");
        if (values is null) throw new ScenarioFault(place, "values", $"are missing: expected a list of values of {vary}, each {_keys[vary].Form}");
        foreach (var (text, at) in values)
            if (!_keys[vary].Accepts(text))
                throw new ScenarioFault(at, "values", $"{vary} '{text}': expected {_keys[vary].Form}");
        if (options.ContainsKey(vary)) throw new ScenarioFault(place, vary, "is varied here, and set among the comparison's options: expected one of the two");
        return new ScenarioComparison(name ?? vary, vary, [.. values.Select(value => value.Text)], options, place);
    }

    private List<(string Text, string Place)> Values(ref Utf8JsonReader json)
    {
        Begin(ref json, "values", JsonTokenType.StartArray, "a list [ ... ] of values");
        var values = new List<(string Text, string Place)>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var value = Value(json, "values");
            if (values.Any(other => other.Text == value)) throw Fault(json, "values", $"'{value}' stands there twice: expected each value once");
            values.Add((value, Place(json)));
        }
        return values.Count > 0 ? values : throw Fault(json, "values", "expected one value or more");
    }

    private Dictionary<string, string> Options(ref Utf8JsonReader json)
    {
        Begin(ref json, "options", JsonTokenType.StartObject, "an object { ... } of options");
        var options = new Dictionary<string, string>();
        while (NextKey(ref json, options.Keys) is { } key)
        {
            if (!_keys.TryGetValue(key, out var known)) throw Fault(json, key, $"is no option: expected one of {Known}");
            json.Read();
            var value = Value(json, key);
            options[key] = known.Accepts(value) ? value : throw Fault(json, key, $"'{value}': expected {known.Form}");
        }
        return options;
    }

    private string Known => string.Join(", ", _keys.Keys.Order(StringComparer.Ordinal));

    /// <summary>The next key of an object, before its value is read; null at its end.</summary>
    private string? NextKey(ref Utf8JsonReader json, IReadOnlyCollection<string> seen)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject) return null;
        var key = json.GetString()!;
        if (seen.Contains(key)) throw Fault(json, key, "stands there twice: expected once");
        if (seen is HashSet<string> set) set.Add(key);
        return key;
    }

    /// <summary>An option's value as it would be typed; numbers and on/off need no quotes.</summary>
    private string Value(in Utf8JsonReader json, string key) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString()!,
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        JsonTokenType.True => "on",
        JsonTokenType.False => "off",
        _ => throw Fault(json, key, _keys.TryGetValue(key, out var known) ? $"expected {known.Form}" : "expected a value in quotes, or a number"),
    };

    private string Name(ref Utf8JsonReader json, string key)
    {
        var name = Text(ref json, key, NameForm);
        return name.Length is > 0 and <= LongestName ? name : throw Fault(json, key, $"expected {NameForm}");
    }

    private string Text(ref Utf8JsonReader json, string key, string form)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? json.GetString()! : throw Fault(json, key, $"expected {form}");
    }

    private void Begin(ref Utf8JsonReader json, string key, JsonTokenType token, string form)
    {
        json.Read();
        if (json.TokenType != token) throw Fault(json, key, $"expected {form}");
    }

    private ScenarioFault Fault(in Utf8JsonReader json, string? key, string what) => new(Place(json), key, what);

    private string Place(in Utf8JsonReader json) => $"{_file}:{_text.AsSpan(0, (int)json.TokenStartIndex).Count((byte)'\n') + 1}";

    /// <summary>The runtime's words without the position, which is told in ours.</summary>
    private static string Sentence(string message) => message.Split(" LineNumber:")[0].TrimEnd('.');
}
