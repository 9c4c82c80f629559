namespace DataPlane.Tools.Link;

/// <summary>An end of the link.</summary>
public enum LinkSide
{
    /// <summary>The end that connects, says what is measured, and has the result.</summary>
    Client,

    /// <summary>The end that waits for clients.</summary>
    Server,
}
