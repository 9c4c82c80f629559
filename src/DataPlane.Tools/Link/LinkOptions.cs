using System.Net;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tools.Link;

/// <summary>What a client measures. Immutable; checked as a whole by <see cref="Validate"/>.</summary>
public sealed record LinkOptions
{
    /// <summary>The port of a link server where none is named.</summary>
    public const int DefaultPort = 5299;

    // The walk over the memory is shared out in lots, and each channel is to have some.
    private const int LeastStripesPerChannel = 4;
    private const long MostMemory = 1L << 40;

    /// <summary>Which way frames go. To the server.</summary>
    public LinkDirection Direction { get; init; } = LinkDirection.ToServer;

    /// <summary>
    /// Data channels of each measurement, each way; several numbers are a sweep, one measurement after another. 1 to 64, both ways at once 1 to 32. As a
    /// migration has them: min(8, allowed cores), at least 2.
    /// </summary>
    public IReadOnlyList<int> Channels { get; init; } = [DataPlane.Options.DefaultChannels.Count];

    /// <summary>How long each measurement sends in bulk. 10 s; 100 ms to a day.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often <see cref="OnInterval"/> is told. 1 s; 50 ms and more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes of memory that is sent from and placed into, on either side; a multiple of 2 MiB, and 8 MiB or more for each channel. 512 MiB: more than
    /// caches hold, as a guest's memory is.
    /// </summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Bytes of the small final set: single pages scattered over the memory, whole pages. 16 MiB.</summary>
    public long FinalSetBytes { get; init; } = 16L << 20;

    /// <summary>Addresses of this host to connect from, as <see cref="DataPlane.Options.MigrationOptions.LocalAddresses"/>.</summary>
    public IReadOnlyList<IPAddress> LocalAddresses { get; init; } = [];

    /// <summary>TCP congestion control on both sides, by name or <c>auto</c>, as a migration has it.</summary>
    public string Congestion { get; init; } = "auto";

    /// <summary>What somebody says that the link carries, bits per second; the result says whether it does. Null: nothing was said.</summary>
    public double? DeclaredBitsPerSecond { get; init; }

    /// <summary>How long connecting one socket may take. 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may take for its part of the handshake, besides the time for making memory. 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may be heard from the server before it counts as gone. 10 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told of each interval when it is over, in order, by the measurement: what it takes long for makes the next one longer. Null: nobody.</summary>
    public Action<LinkInterval>? OnInterval { get; init; }

    /// <summary>Every fault of these options, each a sentence; empty when they can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        var most = PlacedFrames.MaxChannels / (Direction == LinkDirection.Both ? 2 : 1);
        if (Channels.Count == 0 || Channels.Any(count => count < 1 || count > most))
            faults.Add($"{nameof(Channels)}: expected numbers from 1 to {most}{(Direction == LinkDirection.Both ? " where both ways are measured at once" : "")}.");
        if (Duration < TimeSpan.FromMilliseconds(100) || Duration > TimeSpan.FromDays(1)) faults.Add($"{nameof(Duration)} is {Duration}; accepted: 100 ms to a day.");
        if (Interval < TimeSpan.FromMilliseconds(50) || Interval > TimeSpan.FromDays(1)) faults.Add($"{nameof(Interval)} is {Interval}; accepted: 50 ms to a day.");
        if (MemoryBytes % PageGeometry.StripeSize != 0 || MemoryBytes > MostMemory || MemoryBytes < LeastMemory)
            faults.Add($"{nameof(MemoryBytes)} is {MemoryBytes}; accepted: a multiple of 2 MiB from {LeastMemory >> 20} MiB (8 MiB for each channel) to 1 TiB.");
        if (FinalSetBytes % PageGeometry.PageSize != 0 || FinalSetBytes < PageGeometry.PageSize || FinalSetBytes > MemoryBytes)
            faults.Add($"{nameof(FinalSetBytes)} is {FinalSetBytes}; accepted: whole pages of 4096 bytes, at most the memory's {MemoryBytes} bytes.");
        if (DeclaredBitsPerSecond is not (null or > 0 and < 1e15)) faults.Add($"{nameof(DeclaredBitsPerSecond)} is {DeclaredBitsPerSecond}; accepted: more than 0 and at most 1 Pbit/s.");
        if (Congestion.Length is 0 or > LongestCongestion) faults.Add($"{nameof(Congestion)} is '{Congestion}'; accepted: auto, or a name of at most {LongestCongestion} characters.");
        foreach (var (name, time) in new[] { (nameof(ConnectTimeout), ConnectTimeout), (nameof(HandshakeTimeout), HandshakeTimeout), (nameof(IdleTimeout), IdleTimeout) })
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1)) faults.Add($"{name} is {time}; accepted: more than nothing and at most a day.");
        return faults;
    }

    /// <summary>TCP_CA_NAME_MAX without its terminating zero.</summary>
    internal const int LongestCongestion = 15;

    internal LinkWays Ways => Direction switch
    {
        LinkDirection.ToServer => LinkWays.ToServer,
        LinkDirection.ToClient => LinkWays.ToClient,
        _ => LinkWays.Both,
    };

    // A number of channels that cannot be is a fault of its own.
    private long LeastMemory => LeastMemoryFor(Channels.Where(count => count is > 0 and <= PlacedFrames.MaxChannels).DefaultIfEmpty(1).Max());

    internal static long LeastMemoryFor(int channels) => (long)channels * LeastStripesPerChannel * PageGeometry.StripeSize;
}
