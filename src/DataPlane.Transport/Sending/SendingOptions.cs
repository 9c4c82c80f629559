using DataPlane.Core.Codecs;
using DataPlane.Linux.Host;

namespace DataPlane.Transport.Sending;

/// <summary>How channels send what they claim. The defaults: pages as they are, as fast as they go.</summary>
internal sealed record SendingOptions
{
    /// <summary>How pages may be encoded where that makes them smaller. The libraries must be there.</summary>
    public PageEncodingSet Encodings { get; init; }

    /// <summary>Each channel chooses, and goes on choosing; else <see cref="Encodings"/> has one at most, which is used.</summary>
    public bool Chooses { get; init; }

    /// <summary>Compressors beside the channels; 0: the channels' own threads encode.</summary>
    public int CompressThreads { get; init; }

    /// <summary>The bandwidth that all channels share; null for none.</summary>
    public BandwidthCap? Cap { get; init; }

    /// <summary>Whether a checksum of each page travels with it.</summary>
    public bool PageSums { get; init; }

    /// <summary>What the threads are called and where they run.</summary>
    public ChannelThreads Threads { get; init; } = ChannelThreads.Default;
}
