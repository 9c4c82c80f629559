using System.Net;
using DataPlane.Core.Wire;

namespace DataPlane.Tests.Kit;

/// <summary>Between a source and a destination, keeping what each connection said first: on data channels the preamble, on control the HELLO too.</summary>
internal sealed class RecordingRelay : IAsyncDisposable
{
    private const int MostKept = 4096;

    private readonly Relay _relay;
    private readonly List<List<byte>> _said = [];

    public RecordingRelay(MigrationAddress to) => _relay = new Relay(new IPEndPoint(IPAddress.Parse(to.Host!), to.Port), _ =>
    {
        var said = new List<byte>();
        lock (_said) _said.Add(said);
        return new RelayPlan { Tap = piece => Keep(said, piece.Span) };
    });

    public MigrationAddress Address => MigrationAddress.Of(new IPEndPoint(IPAddress.Loopback, _relay.EndPoint.Port));

    /// <summary>The first words of the control connection.</summary>
    public byte[] Control => Said(ConnectionRole.Control, MostKept).Single();

    /// <summary>The preambles of the data channels.</summary>
    public IReadOnlyList<byte[]> Channels => Said(ConnectionRole.Data, Preamble.Size);

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    private byte[][] Said(ConnectionRole role, int most)
    {
        lock (_said) return [.. _said.Select(said => { lock (said) return said.Take(most).ToArray(); }).Where(said => said.Length > 8 && said[8] == (byte)role)];
    }

    private static void Keep(List<byte> said, ReadOnlySpan<byte> piece)
    {
        lock (said)
            if (said.Count < MostKept) said.AddRange(piece[..Math.Min(piece.Length, MostKept - said.Count)]);
    }
}
