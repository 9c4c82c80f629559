namespace DataPlane.Tools.Link;

/// <summary>Which way frames go.</summary>
public enum LinkDirection
{
    /// <summary>From the client to the server, as a migration from here would.</summary>
    ToServer,

    /// <summary>From the server to the client.</summary>
    ToClient,

    /// <summary>Both ways at once, over channels of their own.</summary>
    Both,
}
