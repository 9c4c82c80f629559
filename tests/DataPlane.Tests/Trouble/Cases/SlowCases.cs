using DataPlane.Core.Errors;
using DataPlane.Options;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Connections that carry 1 KB a second, and pieces of one byte.</summary>
internal static class SlowCases
{
    private static readonly Bound _slow = Bound.Seconds(10, "what is left at 1 KB/s");

    public static IEnumerable<TroubleCase> All()
    {
        foreach (var when in (Moment[])[Moment.Hello, Moment.Save, Moment.Commit])
            yield return Slow(ControlOnly, when, Ending.Completed, _slow) with { Arrange = Digest };
        // No frame gets through in time: that counts as nothing, a tenth of a frame helps nobody.
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.LaterPass, Moment.FinalPages, Moment.State])
            yield return Slow(OneChannel, when, Ending.TimedOut(), Bound.IdleTimeout) with { Arrange = Impatient };
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.LaterPass])
            yield return Slow(Everything, when, Ending.TimedOut(), Bound.IdleTimeout) with { Arrange = Impatient };
        yield return Slow(ControlOnly, Moment.Sums, Ending.TimedOut(), Bound.IdleTimeout) with { Arrange = Impatient };

        yield return Single(ControlOnly, Moment.Hello, int.MaxValue);
        foreach (var when in (Moment[])[Moment.Fenced, Moment.Switchover, Moment.Sums, Moment.Commit]) yield return Single(ControlOnly, when, int.MaxValue);
        foreach (var when in (Moment[])[Moment.Joining, Moment.FirstPass, Moment.Fence, Moment.FinalPages, Moment.State]) yield return Single(OneChannel, when, 10_000);
        yield return Single(Everything, Moment.FirstPass, 10_000);
    }

    private static void Digest(TroubleScene scene) => scene.Pair.SourceOptions = scene.Pair.SourceOptions with { Verify = VerifyMode.Digest };

    private static TroubleCase Slow(string where, Moment when, Ending ends, Bound bound) =>
        new("slowed to 1 KB/s", where, when, bound, ends, To(where, lane => lane.Slow()));

    private static TroubleCase Single(string where, Moment when, int bytes) => new(
        "byte by byte", where, when, Bound.Seconds(5, "goes on"), Ending.Completed, To(where, lane => lane.SingleBytes(bytes)));
}
