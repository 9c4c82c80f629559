namespace DataPlane.Cli.Output.Live;

/// <summary>How a part of a line looks, where there is colour. The words say the same without.</summary>
internal enum ScreenStyle
{
    /// <summary>As the terminal writes.</summary>
    Plain,

    /// <summary>What is looked for first.</summary>
    Strong,

    /// <summary>Names of what stands beside them.</summary>
    Soft,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Not as wished.</summary>
    Bad,
}
