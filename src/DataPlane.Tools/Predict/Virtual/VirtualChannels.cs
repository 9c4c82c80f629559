using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Options;
using DataPlane.Tools.Predict.Memory;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>
/// The channels, the link and the other side as prices: pages take as long as the slowest of what works on them at once, the source's channels, the link, the destination's channels
/// and, where both sides share a host, its cores.
/// </summary>
internal sealed class VirtualChannels
{
    private const int PagesPerEncodedFrame = 64;

    // CRC32C of a page at 20 GB/s, on either side.
    private const double ChecksumUs = 0.2;

    // A page of a few words is found to be one in a third of the time.
    private const double SparseEffort = 0.3;

    // Auto begins with pages as they are, tries, and has to fill the sockets before it sees what a change brings. Guests of 128 to 384 MiB over 1 Gbit/s (bench, `predict`): with
    // 256 MiB the totals were foretold up to 89 % too long, on a machine that had nothing else to do.
    private const double PagesToLearn = 16384;

    private readonly PredictOptions _options;
    private readonly CodecPrices? _best;
    private double _pagesToLearn;
    private readonly double _linkRate;

    public VirtualChannels(PredictOptions options)
    {
        _options = options;
        Count = options.Migration.Channels ?? DefaultChannels.Count;
        _linkRate = options.Link.Of(Count);
        Codec = options.Migration.Compression == PageCompression.Auto ? Best(options) : options.Migration.Compression;
        _best = options.Machine.Of(Codec);
        _pagesToLearn = options.Migration.Compression == PageCompression.Auto ? PagesToLearn : 0;
    }

    public int Count { get; }

    /// <summary>How pages are written; of <c>auto</c> what moves most pages of this guest.</summary>
    public PageCompression Codec { get; }

    /// <summary>Sends <paramref name="pages"/>: later ones may go otherwise than the first.</summary>
    public SentPages Send(in ClaimedPages pages)
    {
        var codec = _pagesToLearn > 0 ? null : _best;
        _pagesToLearn -= pages.Pages;
        var machine = _options.Machine;
        var guest = _options.Guest;
        var normal = Math.Max(0, pages.Pages - pages.Zero);
        var sparse = Math.Min(pages.Sparse, normal);
        var notZero = 1 - guest.ZeroShare;
        var compressible = codec is null || notZero <= 0 ? 0 : (normal - sparse) * Math.Min(1, guest.CompressibleShare / notZero);
        var noise = normal - sparse - compressible;
        var left = codec is null ? normal : (sparse * CodecPrices.SparseRatio) + (compressible * codec.Ratio) + noise;
        var frames = pages.Stripes + (codec is null ? 0 : normal / PagesPerEncodedFrame);
        var wire = (left * PageGeometry.PageSize) + (frames * FrameHeader.Size);
        var sums = _options.Migration.Integrity == IntegrityMode.Pages ? normal * ChecksumUs : 0;
        var encode = codec is null ? 0 : ((compressible + (sparse * SparseEffort)) * codec.EncodeUs) + (noise * CodecPrices.NoiseUs);
        var decode = codec is null ? 0 : (compressible + (sparse * SparseEffort)) * codec.DecodeUs;
        var find = (pages.Stripes * machine.StripeUs) + (normal * machine.ScanUs) + (pages.Zero * machine.ZeroUs) + sums;
        return Time(pages, find, encode, left * machine.SendUs, decode + (left * machine.ReceiveUs) + sums, wire) with { WireBytes = wire, Frames = frames, Normal = normal, Zero = pages.Zero, Encoded = codec is null ? 0 : sparse + compressible };
    }

    private SentPages Time(in ClaimedPages pages, double find, double encode, double send, double receive, double wire)
    {
        var machine = _options.Machine;
        var cores = machine.Cores;
        // A stripe is sent by one channel.
        var workers = Math.Max(1, Math.Min(Math.Min(Count, cores), pages.Stripes));
        var beside = _options.Migration.CompressThreads;
        var source = beside == 0 ? (find + encode + send) / workers : Math.Max((find + send) / workers, encode / Math.Min(beside, cores));
        var both = _options.Link.IsOneHost ? (find + encode + send + receive) / Math.Min(cores, 2 * workers) : 0;
        var onLink = wire / _linkRate;
        var seconds = Math.Max(Math.Max(source, receive / workers) * 1e-6, Math.Max(both * 1e-6, onLink));
        var capped = _options.Migration.MaxBytesPerSecond is { } cap ? Math.Max(0, (wire / cap) - seconds) : 0;
        // What is neither finding nor encoding is spent in calls: copying, or waiting for room.
        var inCalls = Math.Max(0, seconds - ((find + (beside == 0 ? encode : 0)) * 1e-6 / workers)) * Count;
        return new SentPages(seconds + capped, 0, 0, 0, 0, inCalls, Math.Min(seconds, onLink) * Count, capped * Count);
    }

    /// <summary>A stripe of the memory as it is at first tells which is fastest.</summary>
    private static PageCompression Best(PredictOptions options)
    {
        var pages = new ClaimedPages(PageGeometry.PagesPerStripe * 8, PageGeometry.PagesPerStripe * 8 * options.Guest.ZeroShare, 0, 8);
        return new[] { PageCompression.None, PageCompression.Lz4, PageCompression.Zstd }
            .MinBy(codec => new VirtualChannels(options with { Migration = options.Migration with { Compression = codec } }).Send(pages).Seconds);
    }
}
