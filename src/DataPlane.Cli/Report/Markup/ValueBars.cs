namespace DataPlane.Cli.Report.Markup;

/// <summary>
/// Values side by side: a row for each, a column of bars for each figure. A bar is the median, a line over it goes from the least to the most, and each column has a scale of its
/// own from 0.
/// </summary>
/// <param name="Id">Of its own in the page.</param>
/// <param name="Title">Its name.</param>
/// <param name="Description">What it shows, as sentences.</param>
/// <param name="Figures">Names of the columns.</param>
internal sealed record ValueBars(string Id, string Title, string Description, IReadOnlyList<string> Figures)
{
    private const double Left = 170;
    private const double Between = 14;
    private const double RowHeight = 34;
    private const double Top = 26;
    private const int MostName = 24;

    public required IReadOnlyList<ValueBarRow> Rows { get; init; }

    public void Draw(Html html)
    {
        var drawing = new Drawing(html, Id, Top + (Rows.Count * RowHeight) + 6, Title, Description);
        var wide = (Drawing.Width - Left) / Figures.Count;
        for (var column = 0; column < Figures.Count; column++)
        {
            var from = Left + (column * wide);
            drawing.Text(from, 15, Figures[column], "small");
            var most = Rows.Select(row => row.Cells[column]?.Most ?? 0).DefaultIfEmpty(0).Max();
            var scale = new LinearScale(most, from, from + wide - Between);
            for (var row = 0; row < Rows.Count; row++) Cell(drawing, scale, Top + (row * RowHeight), from, Rows[row].Cells[column]);
        }
        for (var row = 0; row < Rows.Count; row++)
        {
            var y = Top + (row * RowHeight);
            drawing.Text(Left - 12, y + 15, Cut(Rows[row].Name), "end");
            drawing.Line(0, y + RowHeight - 4, Drawing.Width, y + RowHeight - 4, "grid");
        }
        drawing.End();
    }

    private static void Cell(Drawing drawing, LinearScale scale, double y, double from, ValueBarCell? cell)
    {
        if (cell is null)
        {
            drawing.Text(from, y + 14, "-", "small");
            return;
        }
        drawing.Text(from, y + 11, cell.Label, "");
        drawing.Box(from, y + 16, Math.Max(1.5, scale.At(cell.Median) - from), 8, "bar");
        if (cell.Most > cell.Least) drawing.Line(scale.At(cell.Least), y + 20, scale.At(cell.Most), y + 20, "spread");
    }

    private static string Cut(string name) => name.Length <= MostName ? name : name[..(MostName - 2)] + "..";
}

/// <summary>A row of <see cref="ValueBars"/>; a cell is null where nothing is known.</summary>
internal sealed record ValueBarRow(string Name, IReadOnlyList<ValueBarCell?> Cells);

/// <summary>One value in <see cref="ValueBars"/>, of several runs.</summary>
internal sealed record ValueBarCell(double Median, double Least, double Most, string Label);
