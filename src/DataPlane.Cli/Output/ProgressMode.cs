namespace DataPlane.Cli.Output;

/// <summary>How progress is shown on standard error.</summary>
internal enum ProgressMode
{
    /// <summary>Tty on a terminal that can redraw a line, plain elsewhere.</summary>
    Auto,

    /// <summary>One line, redrawn.</summary>
    Tty,

    /// <summary>A line each second.</summary>
    Plain,

    /// <summary>Nothing but errors and the address listened on.</summary>
    None,
}
