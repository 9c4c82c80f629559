using System.Text;

namespace DataPlane.Cli.Output;

/// <summary>Columns for people: words to the left, indented as they come, numbers to the right.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the rows. A column is a column of numbers when its heading starts with a blank.</summary>
    public void WriteTo(TextWriter writer)
    {
        var widths = headings.Select((_, column) => _rows.Max(row => Cell(row, column).Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder(" ");
            for (var column = 0; column < row.Length; column++)
            {
                var cell = Cell(row, column);
                line.Append("  ").Append(headings[column].StartsWith(' ') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            }
            writer.WriteLine(line.ToString().TrimEnd());
        }
    }

    private string Cell(string[] row, int column) => headings[column].StartsWith(' ') ? row[column].Trim() : row[column].TrimEnd();
}
