namespace DataPlane.Cli.Report.Markup;

/// <summary>A table. A heading that begins with a space is that of a column of numbers, which stand to the right.</summary>
internal sealed class HtmlTable
{
    private readonly Html _html;
    private readonly string[] _headings;

    public HtmlTable(Html html, string caption, params string[] headings)
    {
        (_html, _headings) = (html, headings);
        // What is wider than the page is scrolled, also by keyboard.
        _html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption))
            .Open("table").Element("caption", caption).Open("thead").Open("tr");
        for (var i = 0; i < headings.Length; i++)
            _html.Element("th", headings[i].Trim(), ("scope", "col"), ("class", Kind(i)));
        _html.Close("tr").Close("thead").Open("tbody");
    }

    public HtmlTable Row(params ReadOnlySpan<string?> cells)
    {
        _html.Open("tr").Element("th", cells[0], ("scope", "row"), ("class", Kind(0)));
        Rest(cells);
        return this;
    }

    /// <summary>A row whose first cell leads to a place in the page; to none where that is null.</summary>
    public HtmlTable LinkedRow(string? place, params ReadOnlySpan<string?> cells)
    {
        if (place is null) return Row(cells);
        _html.Open("tr").Open("th", ("scope", "row"), ("class", Kind(0))).Element("a", cells[0], ("href", "#" + place)).Close("th");
        Rest(cells);
        return this;
    }

    public void End() => _html.Close("tbody").Close("table").Close("div");

    private void Rest(ReadOnlySpan<string?> cells)
    {
        for (var i = 1; i < cells.Length; i++)
            _html.Element("td", cells[i] ?? "-", ("class", Kind(i)));
        _html.Close("tr");
    }

    private string Kind(int column) => _headings[column].StartsWith(' ') ? "number" : "text";
}
