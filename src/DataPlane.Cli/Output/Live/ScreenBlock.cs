using System.Text;

namespace DataPlane.Cli.Output.Live;

/// <summary>
/// Some lines at the end of what a terminal shows, written over again and again: what has to be written for that. The cursor stands below them in between,
/// visible, and nothing of the terminal is switched to another mode; so however the program ends, there is nothing to put back.
/// </summary>
internal sealed class ScreenBlock
{
    private readonly List<int> _lengths = [];
    private int _columns;

    /// <summary>Whether lines stand there now.</summary>
    public bool IsThere => _lengths.Count > 0;

    /// <summary>Puts <paramref name="lines"/> in the place of those that stand there.</summary>
    public string Redraw(IReadOnlyList<ScreenLine> lines, ScreenSize size, bool colour)
    {
        var text = new StringBuilder();
        Home(text, size.Columns);
        _lengths.Clear();
        _columns = size.Columns;
        // The last column stays free: a character there makes some terminals wrap. The last row is the cursor's.
        foreach (var line in lines.Take(Math.Max(1, size.Rows - 1)).Select(line => line.Cut(Math.Max(1, size.Columns - 1))))
        {
            _ = text.Append(colour ? line.Coloured() : line.ToString()).Append("\e[K\n");
            _lengths.Add(line.Length);
        }
        return text.Append("\e[J").ToString();
    }

    /// <summary>Takes them away; the cursor stands where the first began.</summary>
    public string Erase(ScreenSize size)
    {
        if (!IsThere) return "";
        var text = new StringBuilder();
        Home(text, size.Columns);
        _lengths.Clear();
        return text.Append("\e[J").ToString();
    }

    /// <summary>A line was typed below them, and the terminal has shown it.</summary>
    public void Typed()
    {
        if (IsThere) _lengths.Add(0);
    }

    /// <summary>To where the first line begins. Lines that a window made narrower has wrapped take more rows than they did.</summary>
    private void Home(StringBuilder text, int columns)
    {
        var rows = _lengths.Sum(length => columns >= _columns ? 1 : Math.Max(1, (length + columns - 1) / columns));
        _ = text.Append('\r');
        if (rows > 0) _ = text.Append("\e[").Append(rows).Append('A');
    }
}
