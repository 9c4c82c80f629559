using DataPlane.Core.Memory;

namespace DataPlane.Tools.Predict;

/// <summary>What a measured link tells: the document <c>dataplane.link/1</c>, as far as a prediction asks for it.</summary>
/// <param name="BitsPerSecond">In bulk.</param>
/// <param name="Channels">With so many channels.</param>
public sealed record LearnedFromLink(double BitsPerSecond, int Channels)
{
    /// <summary>In bulk with other numbers of channels.</summary>
    public IReadOnlyDictionary<int, double> Sweep { get; init; } = new Dictionary<int, double>();

    /// <summary>A message and its answer on the idle link, median, microseconds; null where not measured.</summary>
    public double? RoundTripUs { get; init; }

    /// <summary>CPU time of the sending side for a byte, seconds; null where not measured.</summary>
    public double? SenderSecondsPerByte { get; init; }

    /// <summary>CPU time of the receiving side for a byte, seconds; null where not measured.</summary>
    public double? ReceiverSecondsPerByte { get; init; }

    /// <summary>What a small final set takes, median, microseconds; null where not measured.</summary>
    public double? FinalSetUs { get; init; }

    /// <summary>Bytes of it.</summary>
    public long FinalSetBytes { get; init; }

    /// <summary>Bytes of the memory that it is scattered over.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Whether the server was on the client's host.</summary>
    public bool IsOneHost { get; init; }

    /// <summary><paramref name="options"/> with this put in, and a line for each figure taken from <paramref name="name"/>.</summary>
    public PredictOptions Put(PredictOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inputs = new List<PredictInput>(options.Inputs);
        void Tell(FormattableString what, string of) => inputs.Add(new PredictInput(of, FormattableString.Invariant(what), name));
        var rates = Sweep.ToDictionary(row => row.Key, row => row.Value / 8);
        rates[Channels] = BitsPerSecond / 8;
        var link = options.Link with { BytesPerSecond = rates.Values.Max(), BytesPerSecondByChannels = rates, IsOneHost = options.Link.IsOneHost || IsOneHost };
        foreach (var (channels, rate) in rates.OrderBy(row => row.Key)) Tell($"{rate * 8 / 1e9:0.###} Gbit/s with {channels} {(channels == 1 ? "channel" : "channels")}", "link");
        if (RoundTripUs is { } trip)
        {
            link = link with { RoundTrip = TimeSpan.FromMicroseconds(trip) };
            Tell($"{trip:0} us", "round trip");
        }
        var machine = options.Machine;
        if (SenderSecondsPerByte is > 0 and { } sender && ReceiverSecondsPerByte is > 0 and { } receiver)
        {
            machine = machine with { SendUs = sender * PageGeometry.PageSize * 1e6, ReceiveUs = receiver * PageGeometry.PageSize * 1e6, ScanUs = 0 };
            Tell($"{machine.SendUs:0.##} us at the sender, {machine.ReceiveUs:0.##} us at the receiver", "a page's CPU time");
        }
        if (FinalSetUs is { } final && FinalSetBytes > 0 && MemoryBytes > 0)
        {
            // One page of every so many: each stripe has some, and what they took longer than in bulk is put on the stripes.
            var stripes = Math.Min(MemoryBytes / PageGeometry.StripeSize, FinalSetBytes / PageGeometry.PageSize);
            var longer = final - (FinalSetBytes * 8e6 / BitsPerSecond);
            machine = machine with { StripeUs = Math.Max(1, longer * Math.Min(Channels, machine.Cores) / stripes) };
            Tell($"{machine.StripeUs:0.#} us a stripe with scattered pages", "final set");
        }
        return options with { Link = link, Machine = machine, Inputs = inputs };
    }
}
