using DataPlane.Linux.Sockets;
using Xunit;

namespace DataPlane.Tests.Transport.Connections;

public sealed class TcpStatusTests
{
    [Theory]
    [InlineData(0u, 0u, 208u, 60_000u, false, "An idle connection, however long: nothing was asked.")]
    [InlineData(0u, 0u, 208u, 3132u, false, "A closed window: its probes become rare, and each has been answered.")]
    [InlineData(0u, 1u, 208u, 6400u, false, "The next probe is on its way.")]
    [InlineData(0u, 2u, 208u, 2199u, false, "Not yet.")]
    [InlineData(0u, 2u, 208u, 2200u, true, "Two keepalive probes without an answer.")]
    [InlineData(3u, 0u, 1664u, 2200u, true, "Retransmissions at 0.2, 0.6 and 1.5 s, the last of which should have been answered.")]
    [InlineData(4u, 0u, 3328u, 3100u, false, "The peer answers retransmissions of what its closed window threw away; the next is due in a moment.")]
    [InlineData(1u, 0u, 2400u, 2500u, false, "A link of satellites: the answer may be on its way.")]
    public void A_peer_is_gone_only_when_a_question_stayed_without_an_answer(
        uint unanswered, uint probes, uint timeout, uint silence, bool gone, string why)
    {
        var status = new TcpStatus(100, 100, 0)
        {
            Unanswered = unanswered, Probes = probes, RetransmitTimeout = timeout * 1000, SinceAcknowledgement = silence,
        };
        Assert.True(status.PeerIsGone == gone, why);
    }
}
