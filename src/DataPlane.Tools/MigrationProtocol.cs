using DataPlane.Core.Wire;

namespace DataPlane.Tools;

/// <summary>Which versions of the migration's protocol this build speaks: two hosts need one in common.</summary>
public static class MigrationProtocol
{
    /// <summary>The oldest.</summary>
    public static int Oldest => ProtocolVersion.Oldest;

    /// <summary>The newest.</summary>
    public static int Newest => ProtocolVersion.Newest;
}
