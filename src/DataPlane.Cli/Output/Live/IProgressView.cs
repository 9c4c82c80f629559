namespace DataPlane.Cli.Output.Live;

/// <summary>What is going on, as it is shown. Asked by the thread that draws, whenever something is due; whoever works only counts.</summary>
internal interface IProgressView
{
    /// <summary>Whether nothing may be written now, since a guest stands still. Asked often, and must cost nothing.</summary>
    bool IsQuiet { get; }

    /// <summary>In one line; null: nothing worth showing.</summary>
    string? Line();

    /// <summary>On a terminal of this size.</summary>
    IReadOnlyList<ScreenLine> Screen(ScreenSize size);
}
