using System.Text;

namespace DataPlane.Cli.Report.Markup;

/// <summary>
/// Builds HTML and the SVG in it. Texts and attribute values go in escaped and in no other way, since a document may hold anything; names of
/// elements and attributes are this program's own.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    public Html Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"");
            Escape(value);
            _text.Append('"');
        }
        _text.Append('>');
        return this;
    }

    public Html Close(string element)
    {
        _text.Append("</").Append(element).Append(">\n");
        return this;
    }

    public Html Text(string? text)
    {
        Escape(text ?? "");
        return this;
    }

    public Html Element(string element, string? text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(element, attributes).Text(text).Close(element);

    /// <summary>A script element that is data and never runs. Inside JSON a &lt; stands only in strings, where its escape means the same.</summary>
    public Html Json(string id, string json)
    {
        Open("script", ("type", "application/json"), ("id", id));
        _text.Append(json.Replace("<", "\\u003c", StringComparison.Ordinal));
        return Close("script");
    }

    /// <summary>Own markup, written in this program.</summary>
    public Html Own(string constant)
    {
        _text.Append(constant);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Escape(string text)
    {
        foreach (var c in text)
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\n' or '\t' => _text.Append(c),
                < ' ' or '\u007f' => _text.Append('\ufffd'), // No HTML has them, escaped or not.
                _ => _text.Append(c),
            };
    }
}
