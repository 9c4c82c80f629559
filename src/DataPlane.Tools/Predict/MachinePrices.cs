using DataPlane.Options;

namespace DataPlane.Tools.Predict;

/// <summary>
/// What work costs on the machines concerned. Without a measurement medians of the product's benchmarks stand in (page of <c>predict</c>). CPU time is of one core, in
/// microseconds for a page of 4096 bytes. Immutable.
/// </summary>
public sealed record MachinePrices
{
    /// <summary>Cores that the channels may use, on either side. Those of this process.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>Connecting, shaking hands, first pings. 60 ms.</summary>
    public TimeSpan Setup { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>From the start to the end of the process's rehearsal, before which no guest is stopped; where the channels encode, twice as long, as they have the cores. 250 ms.</summary>
    public TimeSpan Rehearsal { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Finding a page with contents and claiming it.</summary>
    public double ScanUs { get; init; } = 0.03;

    /// <summary>Telling that a page is zero, all of which has to be read.</summary>
    public double ZeroUs { get; init; } = 0.25;

    /// <summary>Giving a page's bytes to the socket.</summary>
    public double SendUs { get; init; } = 0.41;

    /// <summary>Taking a page's bytes out of the socket into memory that has page tables.</summary>
    public double ReceiveUs { get; init; } = 0.44;

    /// <summary>Claiming and framing a stripe.</summary>
    public double StripeUs { get; init; } = 3;

    /// <summary>A read of the dirty sources.</summary>
    public double SyncUs { get; init; } = 50;

    /// <summary>Steps of a blackout as they were measured, by the names of its segments, microseconds; empty: the product's own first guesses.</summary>
    public IReadOnlyDictionary<string, double> StepsUs { get; init; } = new Dictionary<string, double>();

    /// <summary>LZ4 of a compressible page.</summary>
    public CodecPrices Lz4 { get; init; } = new(4.5, 1.2, 0.4);

    /// <summary>Zstandard of a compressible page.</summary>
    public CodecPrices Zstd { get; init; } = new(8, 2.6, 0.22);

    internal CodecPrices? Of(PageCompression codec) => codec switch
    {
        PageCompression.Lz4 => Lz4,
        PageCompression.Zstd => Zstd,
        _ => null,
    };
}
