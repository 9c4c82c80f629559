using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tools.Link;

/// <summary>How far both ends were at one moment. What arrived is counted, and timed, where it arrived.</summary>
internal sealed record LinkReading(LinkSampleMessage Local, LinkSampleMessage Remote, LinkWays Ways, int Channels)
{
    /// <summary>Throws <see cref="MigrationException"/> where the server tells of other channels than were agreed on.</summary>
    public LinkReading Checked()
    {
        var (sends, receives) = (Ways.HasFlag(LinkWays.ToClient) ? Channels : 0, Ways.HasFlag(LinkWays.ToServer) ? Channels : 0);
        if (Remote.Sending.Length == sends && Remote.Received.Length == receives) return this;
        throw new MigrationException(new MigrationError(
            MigrationErrorCode.ProtocolViolation, MigrationSide.Source, "bulk", $"The server tells of {Remote.Received.Length} and {Remote.Sending.Length} channels; {receives} and {sends} were agreed on."));
    }

    /// <summary>Each channel from <paramref name="before"/> to this reading: those to the server, then those to the client.</summary>
    public IReadOnlyList<LinkChannelReport> Since(LinkReading before) =>
    [
        .. Of(LinkDirection.ToServer, before.Remote, Remote, before.Local, Local),
        .. Of(LinkDirection.ToClient, before.Local, Local, before.Remote, Remote),
    ];

    /// <summary>Seconds at the end that receives from <paramref name="before"/> to this reading.</summary>
    public double Seconds(LinkReading before, LinkDirection direction) =>
        direction == LinkDirection.ToClient ? Seconds(before.Local, Local) : Seconds(before.Remote, Remote);

    /// <summary>The sum over <paramref name="channels"/>, which are what <see cref="Since"/> gave or some of them.</summary>
    public LinkSum Sum(LinkReading before, IReadOnlyCollection<LinkChannelReport> channels, LinkDirection direction)
    {
        var retransmits = channels.Any(channel => channel.Retransmits is null) ? null : channels.Sum(channel => channel.Retransmits);
        return LinkSum.Of(channels.Sum(channel => channel.Bytes), Seconds(before, direction), retransmits);
    }

    private static IEnumerable<LinkChannelReport> Of(
        LinkDirection direction, LinkSampleMessage receiverBefore, LinkSampleMessage receiver, LinkSampleMessage senderBefore, LinkSampleMessage sender)
    {
        var seconds = Seconds(receiverBefore, receiver);
        for (var channel = 0; channel < receiver.Received.Length; channel++)
        {
            var bytes = (long)(receiver.Received[channel] - receiverBefore.Received[channel]);
            var (now, was) = (sender.Sending[channel], senderBefore.Sending[channel]);
            var known = now != LinkChannelState.Unknown && was != LinkChannelState.Unknown;
            yield return new LinkChannelReport(
                channel, direction, Math.Max(0, bytes), seconds > 0 ? Math.Max(0, bytes) * 8 / seconds : 0,
                known ? unchecked(now.Retransmits - was.Retransmits) : null, known ? now.RoundTrip : null);
        }
    }

    private static double Seconds(LinkSampleMessage before, LinkSampleMessage after) => (after.Nanoseconds - before.Nanoseconds) / 1e9;
}
