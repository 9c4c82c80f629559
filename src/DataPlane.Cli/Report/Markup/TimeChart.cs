namespace DataPlane.Cli.Report.Markup;

/// <summary>
/// Values over the migration's time, with a mark where each pass began. Series differ by dash and by the shape of their marks, not only by
/// colour, and the legend shows both.
/// </summary>
/// <param name="Id">Of its own in the page.</param>
/// <param name="Title">Its name, with what is up.</param>
/// <param name="Description">What it shows, as sentences.</param>
/// <param name="EndMs">Where the time axis ends.</param>
/// <param name="Binary">Whether the values are bytes, whose units are 1024 apart.</param>
/// <param name="Label">A value with its unit.</param>
internal sealed record TimeChart(string Id, string Title, string Description, double EndMs, bool Binary, Func<double, string> Label)
{
    private const double Left = 90;
    private const double Right = Drawing.Width - 20;
    private const double Top = 44;
    private const double Bottom = 190;

    /// <summary>More marks than these run into each other.</summary>
    private const int MostMarks = 30;

    /// <summary>What is so many times its limit is at the edge: first guesses of minutes would make the limit, and all that comes near it, one line with the axis.</summary>
    private const double MostLimits = 4;

    /// <summary>A twentieth over the highest.</summary>
    private const double Air = 1.05;

    /// <summary>At least so far apart do the numbers of passes stand.</summary>
    private const double NumberRoom = 22;

    public required IReadOnlyList<TimeSeries> Series { get; init; }

    /// <summary>Where the time axis begins.</summary>
    public double StartMs { get; init; }

    /// <summary>Where passes began, with their numbers.</summary>
    public IReadOnlyList<(double AtMs, int Pass)> Marks { get; init; } = [];

    /// <summary>A level that is not to be passed.</summary>
    public (double Value, string Name)? Limit { get; init; }

    public void Draw(Html html)
    {
        var highest = Series.SelectMany(series => series.Points).Select(point => point.Value).Append(Limit?.Value ?? 0).Where(double.IsFinite).Max();
        var most = Limit is { Value: > 0 and var least } && double.IsFinite(least * MostLimits) ? Math.Min(highest, least * MostLimits) : highest;
        var across = new LinearScale(StartMs, EndMs, Left, Right);
        var up = new LinearScale(most * Air, Bottom, Top);
        var drawing = new Drawing(html, Id, Bottom + 30, Title, Description);
        DrawAxes(drawing, across, up);
        DrawMarks(drawing, across);
        if (Limit is { } limit)
        {
            drawing.Line(Left, up.At(limit.Value), Right, up.At(limit.Value), "limit");
            drawing.Text(Left + 6, up.At(limit.Value) + (up.At(limit.Value) < Top + 16 ? 14 : -5), limit.Name, "legend");
        }
        for (var i = 0; i < Series.Count; i++) DrawSeries(drawing, across, up, i);
        if (highest > most) drawing.Text(Right, 20, $"clipped at {Label(most * Air)}; highest {Label(highest)}", "end");
        drawing.End();
    }

    private void DrawAxes(Drawing drawing, LinearScale across, LinearScale up)
    {
        foreach (var value in up.Ticks(Binary))
        {
            drawing.Line(Left, up.At(value), Right, up.At(value), "grid");
            drawing.Text(Left - 6, up.At(value) + 4, value == 0 ? "0" : Label(value), "end");
        }
        foreach (var at in across.Ticks(binary: false))
        {
            drawing.Line(across.At(at), Bottom, across.At(at), Bottom + 5, "axis");
            drawing.Text(across.At(at), Bottom + 19, at == 0 ? "0" : Units.ForPeople.Milliseconds(at), "middle");
        }
        drawing.Line(Left, Bottom, Right, Bottom, "axis");
    }

    private void DrawMarks(Drawing drawing, LinearScale across)
    {
        var free = double.NegativeInfinity;
        foreach (var (atMs, pass) in Marks)
        {
            var at = across.At(atMs);
            drawing.Line(at, Top, at, Bottom, "mark");
            if (at < free) continue;
            drawing.Text(at, Top - 4, Units.ForPeople.Count(pass), "small middle");
            free = at + NumberRoom;
        }
    }

    private void DrawSeries(Drawing drawing, LinearScale across, LinearScale up, int index)
    {
        var style = index == 0 ? "first" : "second";
        var at = Left + (index * 230);
        drawing.Line(at, 16, at + 34, 16, style);
        Mark(drawing, at + 17, 16, index);
        drawing.Text(at + 42, 20, Series[index].Name, "legend");
        var points = Series[index].Points.Where(point => double.IsFinite(point.Value))
            .Select(point => (across.At(point.AtMs), up.At(point.Value))).ToList();
        drawing.Path(points, style);
        if (points.Count > MostMarks) return;
        foreach (var (x, y) in points) Mark(drawing, x, y, index);
    }

    private static void Mark(Drawing drawing, double x, double y, int index)
    {
        if (index == 0) drawing.Circle(x, y, "first dot");
        else drawing.Box(x - 3, y - 3, 6, 6, "second dot");
    }
}
