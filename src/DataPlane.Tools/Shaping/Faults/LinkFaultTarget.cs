namespace DataPlane.Tools.Shaping;

/// <summary>Which connection a fault strikes. What a connection is for is seen from the first bytes on it, those of a migration or a link's measurement.</summary>
public enum LinkFaultTarget
{
    /// <summary>One, whatever it is for.</summary>
    Any,

    /// <summary>A session's control connection.</summary>
    Control,

    /// <summary>One that carries pages.</summary>
    Data,

    /// <summary>All that are there at that moment, as when a cable is pulled. A <see cref="LinkFaultKind.Flip"/> strikes one of them.</summary>
    All,
}
