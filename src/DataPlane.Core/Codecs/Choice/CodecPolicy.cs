namespace DataPlane.Core.Codecs.Choice;

/// <summary>A choice, what it is forecast to take per byte of pages, and why.</summary>
internal readonly record struct CodecDecision(PageEncoding Choice, double Nanoseconds, CodecReason Reason);

/// <summary>
/// How to write pages: as whichever way takes least time for a byte of pages. A channel encodes, hands over to the socket, and waits where the
/// link is not through with what it was given: so a byte takes the longer of the thread's work and the link's time for what is left of it. Pure.
/// </summary>
/// <remarks>
/// Left out: what decoding costs the destination, which decodes three times as fast as a source encodes; where it is slower, that shows as a
/// slow link, and after a change as a disappointment, which <see cref="CodecChooser"/> takes back. The CPU time itself: no price is put on it.
/// </remarks>
internal static class CodecPolicy
{
    /// <summary>
    /// A change must promise a twentieth: what is measured on a busy host is no better than that, and less is not worth a disappointment.
    /// </summary>
    public const double LeastGain = 0.95;

    /// <summary>A codec that gains less than this share of the pages' bytes gains nothing.</summary>
    public const double LeastShrink = 1.0 / 16;

    public static CodecDecision Decide(in CodecSnapshot now)
    {
        if (now.Current != PageEncoding.None && Of(now, now.Current) is { } current && !Gains(current)) // No link makes that pay.
            return new(PageEncoding.None, Forecast(now, now.Raw ?? CodecFigures.Raw), Reason(PageEncoding.None, now));
        var best = new CodecDecision(now.Current, now.MeasuredNanoseconds * LeastGain, default);
        best = Better(best, now, PageEncoding.None, now.Raw);
        best = Better(best, now, PageEncoding.Lz4, Gains(now.Lz4) ? now.Lz4 : null);
        best = Better(best, now, PageEncoding.Zstd, Gains(now.Zstd) ? now.Zstd : null);
        if (best.Choice == now.Current) best = best with { Nanoseconds = now.MeasuredNanoseconds };
        return best with { Reason = Reason(best.Choice, now) };
    }

    /// <summary>Nanoseconds that a byte of pages would take.</summary>
    public static double Forecast(in CodecSnapshot now, CodecFigures codec)
    {
        var send = now.OtherNanoseconds + (codec.WireBytes * now.SendNanoseconds);
        var link = codec.WireBytes * codec.LinkNanoseconds;
        return Math.Max(link, now.ChannelsPerCompressor is { } share
            ? Math.Max(send, codec.EncodeNanoseconds * share) : send + codec.EncodeNanoseconds);
    }

    private static CodecDecision Better(CodecDecision best, in CodecSnapshot now, PageEncoding choice, CodecFigures? figures)
    {
        if (choice == now.Current || figures is not { } known) return best;
        var forecast = Forecast(now, known);
        return forecast < best.Nanoseconds ? new(choice, forecast, default) : best;
    }

    private static CodecFigures? Of(in CodecSnapshot now, PageEncoding codec) => codec == PageEncoding.Lz4 ? now.Lz4 : now.Zstd;

    private static bool Gains(CodecFigures? codec) => codec is { } known && known.WireBytes <= 1 - LeastShrink;

    private static CodecReason Reason(PageEncoding choice, in CodecSnapshot now)
    {
        if (choice != PageEncoding.None) return CodecReason.LinkIsSlower;
        if (now.Lz4 is null && now.Zstd is null) return CodecReason.OthersWereWorse;
        return Gains(now.Lz4) || Gains(now.Zstd) ? CodecReason.LinkIsFaster : CodecReason.Incompressible;
    }
}
