using DataPlane.Results;

namespace DataPlane.Tools.Link;

/// <summary>What a link carries as migration uses it: the document <c>dataplane.link/1</c>. Of a sweep, the measurement with the recommended channels.</summary>
public sealed record LinkResult
{
    /// <summary>The name of this kind of document.</summary>
    public string Schema { get; init; } = "dataplane.link/1";

    /// <summary>How it ended.</summary>
    public required LinkStatus Status { get; init; }

    /// <summary>What went wrong; null where it completed.</summary>
    public LinkErrorReport? Error { get; init; }

    /// <summary>Where the server listens.</summary>
    public required string Server { get; init; }

    /// <summary>Which way was measured.</summary>
    public required LinkDirection Direction { get; init; }

    /// <summary>The bulk bit by bit.</summary>
    public IReadOnlyList<LinkInterval> Intervals { get; init; } = [];

    /// <summary>The bulk by channels: those to the server, then those to the client.</summary>
    public IReadOnlyList<LinkChannelReport> Channels { get; init; } = [];

    /// <summary>The bulk: all channels, both ways together; null where it did not begin.</summary>
    public LinkSum? Sum { get; init; }

    /// <summary>Each way by itself.</summary>
    public IReadOnlyList<LinkDirectionReport> Directions { get; init; } = [];

    /// <summary>CPU time of the bulk; null where it did not begin.</summary>
    public LinkCpuReport? Cpu { get; init; }

    /// <summary>TCP segments sent again in the bulk; null on other sockets.</summary>
    public long? Retransmits { get; init; }

    /// <summary>Round trips of messages.</summary>
    public LinkRoundTrips? RoundTrip { get; init; }

    /// <summary>What the link was said to carry; null where nothing was said.</summary>
    public double? DeclaredBitsPerSecond { get; init; }

    /// <summary>What to count on; null where the bulk did not begin.</summary>
    public LinkVerdict? Verdict { get; init; }

    /// <summary>All measurements of a sweep; empty without one.</summary>
    public IReadOnlyList<LinkSweepRow> Sweep { get; init; } = [];

    /// <summary>The fewest channels that carry as much as any number of a sweep; null without one, or where none came to its end.</summary>
    public int? RecommendedChannels { get; init; }

    /// <summary>What was sent from and placed into.</summary>
    public required LinkMemoryReport Memory { get; init; }

    /// <summary>This side's machine, and the options in effect.</summary>
    public required EnvironmentReport Environment { get; init; }

    /// <summary>The document.</summary>
    public string ToJson() => LinkJson.Write(this);
}
