namespace DataPlane.Core.Wire;

/// <summary>The versions of the protocol this build speaks. Policy in WIRE.md.</summary>
internal static class ProtocolVersion
{
    /// <summary>Oldest still spoken.</summary>
    public const ushort Oldest = 1;

    /// <summary>Newest spoken.</summary>
    public const ushort Newest = 1;

    /// <summary>The highest version that both ranges hold, or 0.</summary>
    public static ushort Choose(ushort oldest, ushort newest)
    {
        var common = Math.Min(newest, Newest);
        return common >= Math.Max(oldest, Oldest) ? common : (ushort)0;
    }
}
