namespace DataPlane.Cli.Output.Live;

/// <summary>One line, wherever it is shown.</summary>
internal sealed class TextView(Func<string?> text) : IProgressView
{
    public bool IsQuiet => false;

    public string? Line() => text();

    public IReadOnlyList<ScreenLine> Screen(ScreenSize size) => text() is { } line ? [ScreenLine.Of(line)] : [];
}
