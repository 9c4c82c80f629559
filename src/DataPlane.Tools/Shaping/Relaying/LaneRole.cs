namespace DataPlane.Tools.Shaping;

/// <summary>What a connection is for.</summary>
internal enum LaneRole
{
    /// <summary>Nothing has come yet.</summary>
    Unknown,

    /// <summary>A session's control connection: of a migration, a measurement, or one that asks about a handover.</summary>
    Control,

    /// <summary>A data channel.</summary>
    Data,

    /// <summary>Something else, as far as its first bytes tell.</summary>
    Other,
}
