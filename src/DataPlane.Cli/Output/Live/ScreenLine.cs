using System.Text;

namespace DataPlane.Cli.Output.Live;

/// <summary>A line for a terminal: parts, each with a style. One character is one column.</summary>
internal sealed class ScreenLine
{
    private readonly List<(string Text, ScreenStyle Style)> _parts = [];

    /// <summary>In columns.</summary>
    public int Length { get; private set; }

    public static ScreenLine Of(string text) => new ScreenLine().Add(text);

    public ScreenLine Add(string text, ScreenStyle style = ScreenStyle.Plain)
    {
        _parts.Add((text, style));
        Length += text.Length;
        return this;
    }

    /// <summary>Adds <paramref name="text"/> only where all of it has room in <paramref name="columns"/>: half a number would be another number.</summary>
    public ScreenLine AddWhole(int columns, string text, ScreenStyle style = ScreenStyle.Plain) =>
        Length + text.Length <= columns ? Add(text, style) : this;

    /// <summary>Its first <paramref name="columns"/> columns.</summary>
    public ScreenLine Cut(int columns)
    {
        if (Length <= columns) return this;
        var line = new ScreenLine();
        foreach (var (text, style) in _parts)
            if (columns > line.Length) _ = line.Add(text.Length <= columns - line.Length ? text : text[..(columns - line.Length)], style);
        return line;
    }

    public override string ToString() => string.Concat(_parts.Select(part => part.Text));

    /// <summary>With the sequences that colour it; each part ends as it began, so that nothing is left coloured wherever the output ends.</summary>
    public string Coloured()
    {
        var text = new StringBuilder();
        foreach (var (words, style) in _parts)
            _ = style == ScreenStyle.Plain ? text.Append(words) : text.Append("\e[").Append(Code(style)).Append('m').Append(words).Append("\e[0m");
        return text.ToString();
    }

    private static string Code(ScreenStyle style) => style switch
    {
        ScreenStyle.Strong => "1",
        ScreenStyle.Soft => "2",
        ScreenStyle.Good => "32",
        _ => "31",
    };
}
