namespace DataPlane.Tools.Shaping;

/// <summary>One thing that goes wrong: what, with which connection, and when. Exactly one of the four points is named.</summary>
public sealed record LinkFault
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <summary>What happens.</summary>
    public required LinkFaultKind Kind { get; init; }

    /// <summary>To which connection. One of any kind.</summary>
    public LinkFaultTarget Target { get; init; } = LinkFaultTarget.Any;

    /// <summary>
    /// Once, when so many bytes have come through on all the connections that the target admits, counted from the link's opening: they are the last that do, and the
    /// connection that carries the next is struck. 0 and more.
    /// </summary>
    public long? AtBytes { get; init; }

    /// <summary>Once, so long after the link's opening, or as soon as a connection that the target admits is there. At most a day.</summary>
    public TimeSpan? AtTime { get; init; }

    /// <summary>So often an hour on the average, at random moments; those at which the target admits no connection pass. Up to a million.</summary>
    public double? PerHour { get; init; }

    /// <summary>So often in 10^9 bytes on the average, at random bytes, counted as <see cref="AtBytes"/> is. Up to a million.</summary>
    public double? PerGigabyte { get; init; }

    /// <summary>How long a <see cref="LinkFaultKind.Stall"/> lasts; only there. At most a day.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Every fault of this description, each a sentence; empty when it can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        const double MostOften = 1e6;
        var faults = new List<string>();
        if (!Enum.IsDefined(Kind)) faults.Add($"{nameof(Kind)} is {Kind}; accepted: {string.Join(", ", Enum.GetNames<LinkFaultKind>())}.");
        if (!Enum.IsDefined(Target)) faults.Add($"{nameof(Target)} is {Target}; accepted: {string.Join(", ", Enum.GetNames<LinkFaultTarget>())}.");
        if (((object?[])[AtBytes, AtTime, PerHour, PerGigabyte]).Count(point => point is not null) != 1)
            faults.Add($"Exactly one of {nameof(AtBytes)}, {nameof(AtTime)}, {nameof(PerHour)} and {nameof(PerGigabyte)} has to be named.");
        if (AtBytes < 0) faults.Add($"{nameof(AtBytes)} is {AtBytes}; accepted: 0 and more.");
        if (AtTime < TimeSpan.Zero || AtTime > _longest) faults.Add($"{nameof(AtTime)} is {AtTime}; accepted: none to a day.");
        foreach (var (name, often) in new[] { (nameof(PerHour), PerHour), (nameof(PerGigabyte), PerGigabyte) })
            if (often is not (null or > 0 and <= MostOften)) faults.Add($"{name} is {often}; accepted: more than 0, up to a million.");
        if (Kind == LinkFaultKind.Stall ? !(Duration > TimeSpan.Zero && Duration <= _longest) : Duration is not null)
            faults.Add(Kind == LinkFaultKind.Stall ? $"{nameof(Duration)} is {Duration}; a stall takes one, at most a day." : $"{nameof(Duration)} is for stalls; a {Kind} has none.");
        return faults;
    }
}
