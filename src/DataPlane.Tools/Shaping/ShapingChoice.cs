namespace DataPlane.Tools.Shaping;

/// <summary>What a link may be made with.</summary>
public enum ShapingChoice
{
    /// <summary>Network namespaces where a rate is asked for and this host grants them, else a relay alone.</summary>
    Auto,

    /// <summary>Network namespaces in any case, or an error that says what is missing.</summary>
    Namespaces,

    /// <summary>A relay alone: for a source and a destination that live in this process, and without root.</summary>
    Relay,
}
