using DataPlane.Core.Wire;
using DataPlane.Linux.Sockets;

namespace DataPlane.Destination;

/// <summary>Whether a data connection may join a session.</summary>
internal static class ChannelJoin
{
    /// <summary>Throws <see cref="RefusalException"/> unless it bears the MAC of the present session and has a number that is free there.</summary>
    /// <param name="preamble">What it shows.</param>
    /// <param name="session">The present session; null where there is none.</param>
    /// <param name="key">The session's.</param>
    /// <param name="version">Agreed on.</param>
    /// <param name="joined">The session's channels, null where one has not joined yet.</param>
    public static void Check(in Preamble preamble, Guid? session, JoinKey key, ushort version, ReadOnlySpan<DataSocket?> joined)
    {
        if (session is null || preamble.Session != session)
            throw new RefusalException(RefusalKind.OtherSession, "It is a data channel of a session that is not the present one.");
        if (!key.Fits(preamble))
            throw new RefusalException(RefusalKind.BadMac, $"It asks for channel {preamble.Channel} without the session's secret.");
        if (preamble.OldestVersion != version || preamble.NewestVersion != version || preamble.Channel >= joined.Length)
            throw new RefusalException(
                RefusalKind.OutOfRange, $"Channel {preamble.Channel} of version {preamble.NewestVersion} was not agreed on.");
        if (joined[preamble.Channel] is not null)
            throw new RefusalException(RefusalKind.Replayed, $"Channel {preamble.Channel} has joined already.");
    }
}
