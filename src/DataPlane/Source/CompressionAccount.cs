using System.Globalization;
using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Memory;
using DataPlane.Linux.Codecs;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>What a source tells of compression: what went how, and why.</summary>
internal static class CompressionAccount
{
    private static readonly PageEncoding[] s_choices = Enum.GetValues<PageEncoding>();

    /// <summary>Null where none was asked for, or no channel was made. After the channels' threads have ended.</summary>
    public static CompressionReport? Of(SourceState state)
    {
        var mode = state.Options.Compression;
        if (mode == PageCompression.None || state.Crew is not { } crew) return null;
        var agreed = PageFeatures.Encodings(state.Connection!.Accept.Features);
        return new CompressionReport(
            Name(mode), [.. agreed.Members.Select(Name)], Missing(mode, agreed), crew.Compressors?.ThreadCount ?? 0, Codecs(crew), crew.Channels.Sum(channel => channel.Chooser?.Changes ?? 0),
            mode == PageCompression.Auto ? Reason(crew) : $"{Name(mode)} was asked for");
    }

    private static CodecReport[] Codecs(ChannelCrew crew)
    {
        ChannelCounters all = default;
        foreach (var channel in crew.Channels)
        {
            var counters = channel.Counters;
            counters.MoveTo(ref all);
        }
        var raw = all.Pages - all.EncodedPages;
        return
        [
            new CodecReport(Name(PageEncoding.None), all.RawFrames, raw, raw * PageGeometry.PageSize),
            new CodecReport(
                Name(PageEncoding.Lz4), all.EncodedFrames - all.ZstdFrames, all.EncodedPages - all.ZstdPages, all.EncodedBytes - all.ZstdBytes),
            new CodecReport(Name(PageEncoding.Zstd), all.ZstdFrames, all.ZstdPages, all.ZstdBytes),
        ];
    }

    private static string? Missing(PageCompression mode, PageEncodingSet agreed)
    {
        if (mode != PageCompression.Auto) return null;
        var words = s_choices.Where(encoding => encoding != PageEncoding.None && !agreed.Contains(encoding))
            .Select(encoding => PageCodecs.WhyMissing(encoding) ?? $"The destination does not have {Name(encoding)}.").ToArray();
        return words.Length == 0 ? null : string.Join(" ", words);
    }

    // Channels share the link and the guest's memory, so they mostly agree; where they do not, the choice of most is told.
    private static string Reason(ChannelCrew crew)
    {
        var groups = crew.Channels.Select(channel => channel.Chooser!).GroupBy(chooser => (chooser.Choice, chooser.Reason)).OrderByDescending(group => group.Count());
        var most = groups.First();
        return $"{Name(most.Key.Choice)} on {most.Count()} of {crew.Channels.Count} channels: {Words(most.Key.Reason)}{Forecasts(most)}";
    }

    private static string Words(CodecReason reason) => reason switch
    {
        CodecReason.NoCodec => "there is no codec that both sides have",
        CodecReason.Incompressible => "the pages do not shrink",
        CodecReason.LinkIsFaster => "the link takes pages faster than they can be compressed",
        CodecReason.LinkIsSlower => "the link is slower than the codec",
        CodecReason.OthersWereWorse => "the others were tried and were worse",
        _ => "too little was sent to choose",
    };

    private static string Forecasts(IEnumerable<CodecChooser> choosers)
    {
        var rates = s_choices.Select(encoding => (encoding, Times: choosers.Select(chooser => chooser.ForecastOf(encoding)).OfType<double>().Where(time => time > 0).ToArray()))
            .Where(known => known.Times.Length > 0)
            .Select(known => string.Create(CultureInfo.InvariantCulture, $"{Name(known.encoding)} {1e3 / known.Times.Average():0}"));
        var text = string.Join(", ", rates);
        return text.Length == 0 ? "" : $" (MB/s of pages a channel at the end, measured or forecast: {text})";
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
