namespace DataPlane.Tools.Predict;

/// <summary>The link. Immutable.</summary>
public sealed record PredictLink
{
    // Half of Linux' largest receive buffer (tcp_rmem, 6 MiB) is window by default; sockets that nobody tuned get no more on their way.
    private const double WindowBytes = 3 << 20;

    /// <summary>Bytes per second that all channels together carry, headers of frames included. 10 Gbit/s less what Ethernet, IP and TCP take.</summary>
    public double BytesPerSecond { get; init; } = 1.17e9;

    /// <summary>Rates that were measured with other numbers of channels, bytes per second; empty where none were.</summary>
    public IReadOnlyDictionary<int, double> BytesPerSecondByChannels { get; init; } = new Dictionary<int, double>();

    /// <summary>From a message to its answer on the control connection while nothing else is on the way, with the wake-ups of both ends. 200 us.</summary>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Both sides run on one host and share its cores.</summary>
    public bool IsOneHost { get; init; }

    /// <summary>What <paramref name="channels"/> carry: as measured with so many, or what a window for each of them lets through in a round trip, and never more than the link.</summary>
    internal double Of(int channels) => BytesPerSecondByChannels.TryGetValue(channels, out var measured) ? measured
        : Math.Min(BytesPerSecond, channels * WindowBytes / Math.Max(RoundTrip.TotalSeconds, 1e-6));

    /// <summary>This link at another rate.</summary>
    internal PredictLink Times(double factor) => this with
    {
        BytesPerSecond = BytesPerSecond * factor,
        BytesPerSecondByChannels = BytesPerSecondByChannels.ToDictionary(row => row.Key, row => row.Value * factor),
    };
}
