namespace DataPlane.Tests.Kit;

/// <summary>What a relay does to the bytes of one connection on their way from the client to the server. Nothing, by default.</summary>
internal sealed record RelayPlan
{
    public static RelayPlan Faithful { get; } = new();

    /// <summary>Ends the connection in both directions when so many bytes have been forwarded.</summary>
    public long CutAfter { get; init; } = long.MaxValue;

    /// <summary>With a cut the server sees a reset, which throws away what it has not read yet, instead of an end.</summary>
    public bool CutResets { get; init; }

    /// <summary>Forwards no more after so many bytes until <see cref="Relay.EndStalls"/>, and reads no more either.</summary>
    public long StallAfter { get; init; } = long.MaxValue;

    /// <summary>Inverts this bit of the stream, counted from its first byte's lowest; none when negative.</summary>
    public long FlipBit { get; init; } = -1;

    /// <summary>Most bytes forwarded in one piece.</summary>
    public int MaxChunk { get; init; } = 64 << 10;

    /// <summary>With a seed, pieces are of random sizes from 1 to <see cref="MaxChunk"/>.</summary>
    public int? ChunkSeed { get; init; }

    /// <summary>Sees each piece that is forwarded to the server, as it came; null: nobody does.</summary>
    public Action<ReadOnlyMemory<byte>>? Tap { get; init; }

    /// <summary>How long each piece is held back on its way to the server.</summary>
    public TimeSpan DelayThere { get; init; }

    /// <summary>How long each piece is held back on its way to the client.</summary>
    public TimeSpan DelayBack { get; init; }

    /// <summary>Most bytes a second; 0 is as fast as it goes.</summary>
    public long BytesPerSecond { get; init; }
}
