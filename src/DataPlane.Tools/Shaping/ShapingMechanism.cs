namespace DataPlane.Tools.Shaping;

/// <summary>What makes a link as it is.</summary>
public enum ShapingMechanism
{
    /// <summary>Nothing: the host's loopback as it is.</summary>
    None,

    /// <summary>A relay of this process on the loopback.</summary>
    Relay,

    /// <summary>Two network namespaces, the veth pair between them held to the rate by the kernel (<c>tbf</c>).</summary>
    Namespaces,

    /// <summary>Those, and behind them a relay for delays and faults.</summary>
    NamespacesAndRelay,
}
