using DataPlane.Core.Codecs;
using DataPlane.Fuzz.Recording;
using DataPlane.Linux.Codecs;
using DataPlane.Options;

namespace DataPlane.Fuzz.Targets;

/// <summary>The sessions that targets change: recorded when first asked for, once in a process.</summary>
internal static class Recordings
{
    private static readonly Lazy<RecordedSession[]> _oneChannel = new(() => [.. OneChannelPlans().Select(Record)]);

    private static readonly Lazy<RecordedSession> _whole = new(() => Record(new RecordingPlan(
        2, PageCodecs.WhyMissing(PageEncoding.Lz4) is null ? PageCompression.Lz4 : PageCompression.None, IntegrityMode.Pages, VerifyMode.Full)));

    /// <summary>Sessions of one data channel: pages as they are, with and without checksums, and by each codec that this host has.</summary>
    public static IReadOnlyList<RecordedSession> OneChannel => _oneChannel.Value;

    /// <summary>A session with two data channels in which every page was compared.</summary>
    public static RecordedSession Whole => _whole.Value;

    private static IEnumerable<RecordingPlan> OneChannelPlans()
    {
        yield return new RecordingPlan(1, PageCompression.None, IntegrityMode.Headers);
        yield return new RecordingPlan(1, PageCompression.None, IntegrityMode.Pages);
        if (PageCodecs.WhyMissing(PageEncoding.Lz4) is null) yield return new RecordingPlan(1, PageCompression.Lz4, IntegrityMode.Pages);
        if (PageCodecs.WhyMissing(PageEncoding.Zstd) is null) yield return new RecordingPlan(1, PageCompression.Zstd, IntegrityMode.Pages);
    }

    private static RecordedSession Record(RecordingPlan plan) => Recorder.RecordAsync(plan).GetAwaiter().GetResult();
}
