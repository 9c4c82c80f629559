using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Options;

namespace DataPlane.Peer;

/// <summary>One line of standard input: what to do, and what that needs to know.</summary>
internal sealed record PeerRequest
{
    public required PeerOrder Do { get; init; }

    /// <summary>Make: the guest, or the memory of one.</summary>
    public GuestOptions? Guest { get; init; }

    /// <summary>Make: whether the guest is here to begin with.</summary>
    public bool Here { get; init; }

    /// <summary>Listen: where. Send: to whom.</summary>
    public string Address { get; init; } = "";

    /// <summary>Send: name of the dirty source.</summary>
    public string DirtySource { get; init; } = DirtySourceNames.Auto;

    /// <summary>Send.</summary>
    public PageCompression Compression { get; init; }

    /// <summary>Send.</summary>
    public int Channels { get; init; } = 2;

    /// <summary>Send: when the guest is stopped at the latest.</summary>
    public double ForceAfterSeconds { get; init; } = 10;

    /// <summary>Listen, Send: the folder of the handover's records; null: the private one.</summary>
    public string? Journal { get; init; }

    /// <summary>Listen, Send: the arbiter's folder; null: none.</summary>
    public string? Arbiter { get; init; }

    /// <summary>Listen, Send: how long this side asks and waits in the handover.</summary>
    public double HandoverSeconds { get; init; } = 30;

    /// <summary>Settle: whose guest it is; null: ask.</summary>
    public MigrationSide? Told { get; init; }
}
