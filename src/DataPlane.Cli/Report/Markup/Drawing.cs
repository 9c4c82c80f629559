using System.Globalization;

namespace DataPlane.Cli.Report.Markup;

/// <summary>An inline SVG with its title and description for those who do not see it. Positions are in its own units, about pixels.</summary>
internal sealed class Drawing
{
    public const double Width = 900;

    private readonly Html _html;

    /// <param name="html">Where it goes.</param>
    /// <param name="id">Of its own in the page.</param>
    /// <param name="height">In units.</param>
    /// <param name="title">Its name.</param>
    /// <param name="description">What it shows, as sentences.</param>
    public Drawing(Html html, string id, double height, string title, string description)
    {
        _html = html;
        _html.Open("svg", ("viewBox", $"0 0 {Number(Width)} {Number(height)}"), ("role", "img"), ("aria-labelledby", $"{id}-t {id}-d"))
            .Element("title", title, ("id", id + "-t")).Element("desc", description, ("id", id + "-d"));
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Shape("line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("class", style));

    public void Box(double x, double y, double width, double height, string style) =>
        Shape("rect", ("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)), ("class", style));

    public void Circle(double x, double y, string style) => Shape("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", "3"), ("class", style));

    public void Path(IReadOnlyList<(double X, double Y)> points, string style)
    {
        if (points.Count > 1)
            Shape("polyline", ("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))), ("class", style));
    }

    public void Text(double x, double y, string text, string style) =>
        _html.Element("text", text, ("x", Number(x)), ("y", Number(y)), ("class", style));

    public void End() => _html.Close("svg");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Shape(string name, params ReadOnlySpan<(string, string)> attributes) => _html.Open(name, attributes).Close(name);
}
