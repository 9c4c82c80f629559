using DataPlane.Core.Memory;

namespace DataPlane.Tools.Link;

/// <summary>What a link server allows its clients.</summary>
public sealed record LinkServerOptions
{
    /// <summary>Most bytes of memory that a client may ask for, for each way; it is kept for the next. 4 GiB.</summary>
    public long MaxMemoryBytes { get; init; } = 4L << 30;

    /// <summary>How long a client may take from its first word until its channels have joined. 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may be heard from a client before it counts as gone. 10 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Return after the first client that came to its end, a sweep counting as one; one that broke off is not the end. Off.</summary>
    public bool OnlyOne { get; init; }

    /// <summary>Gets a line for each client, and for refused connections at most one a second after the first 20. Null: nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Every fault of these options, each a sentence; empty when they can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (MaxMemoryBytes < PageGeometry.StripeSize) faults.Add($"{nameof(MaxMemoryBytes)} is {MaxMemoryBytes}; accepted: 2 MiB and more.");
        foreach (var (name, time) in new[] { (nameof(HandshakeTimeout), HandshakeTimeout), (nameof(IdleTimeout), IdleTimeout) })
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1)) faults.Add($"{name} is {time}; accepted: more than nothing and at most a day.");
        return faults;
    }
}
