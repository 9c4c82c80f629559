namespace DataPlane.Tools.Shaping;

/// <summary>What goes wrong with a connection.</summary>
public enum LinkFaultKind
{
    /// <summary>Both ends see a reset (RST), and what they have not read yet is gone.</summary>
    Reset,

    /// <summary>Both ends see an orderly end (FIN) in the middle of what the other one says.</summary>
    Close,

    /// <summary>Nothing moves any more in either direction, for as long as the link is there, and no end is told.</summary>
    Silence,

    /// <summary>Nothing moves for a while in either direction, then all of it.</summary>
    Stall,

    /// <summary>One bit of what goes towards the destination is inverted.</summary>
    Flip,
}
