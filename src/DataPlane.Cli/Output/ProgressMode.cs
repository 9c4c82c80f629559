namespace DataPlane.Cli.Output;

/// <summary>How progress is shown on standard error.</summary>
internal enum ProgressMode
{
    /// <summary>Tty on a terminal that can be redrawn, plain elsewhere.</summary>
    Auto,

    /// <summary>A screen, redrawn in place; plain where there is no such terminal.</summary>
    Tty,

    /// <summary>A line each second.</summary>
    Plain,

    /// <summary>Nothing but errors and the address listened on.</summary>
    None,
}
