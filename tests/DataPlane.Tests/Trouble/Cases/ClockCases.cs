using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Tests.Kit;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>
/// Clocks that jump: the wall clock, which nothing depends on, and the monotonic one, as after a suspend or a long stop of the whole
/// machine, in which no peer could be heard and which therefore is not held against it.
/// </summary>
internal static class ClockCases
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    public static IEnumerable<TroubleCase> All()
    {
        foreach (var (what, by) in new[] { ("wall clock jumps 1 h ahead", _hour), ("wall clock jumps 1 h back", -_hour) })
        {
            yield return Case(what, "source", Moment.FirstPass, scene => scene.SourceClock.JumpWall(by));
            yield return Case(what, "destination", Moment.FirstPass, scene => scene.DestinationClock.JumpWall(by));
        }
        const string Leap = "monotonic clock leaps 1 h";
        foreach (var when in (Moment[])[Moment.Hello, Moment.Ready, Moment.LaterPass, Moment.Fence, Moment.Save, Moment.Prepared, Moment.Commit])
            yield return Case(Leap, "source", when, scene => scene.SourceClock.Leap(_hour));
        foreach (var when in (Moment[])[Moment.Accept, Moment.FirstPass, Moment.Load, Moment.Sums])
            yield return Case(Leap, "destination", when, scene => scene.DestinationClock.Leap(_hour));
        yield return Case(Leap + ", more than the migration may take", "source", Moment.FirstPass, scene =>
        {
            GuestProgress.Await(scene.Source, 2000); // More than 1 MiB, which is what fits, is dirty then, however little the guest gets to run.
            scene.SourceClock.Leap(_hour);
        }) with
        {
            Arrange = scene =>
            {
                Jumpy(scene);
                scene.Pair.SourceOptions = scene.Pair.SourceOptions with { OnTimeout = TimeoutPolicy.Cancel, Timeout = _hour, DowntimeLimit = TimeSpan.FromMilliseconds(100), AvailSwitchoverBytesPerSecond = 10 << 20 };
            },
            Ends = Ending.Failed(MigrationErrorCode.NotConverging, MigrationSide.Source),
        };
    }

    private static TroubleCase Case(string what, string where, Moment when, Action<TroubleScene> jump) =>
        new(what, where, when, Bound.Seconds(2, "goes on"), Ending.Completed, Do(jump)) { Arrange = Jumpy };

    private static void Jumpy(TroubleScene scene)
    {
        scene.Pair.SourceTime = scene.SourceClock;
        scene.Pair.DestinationTime = scene.DestinationClock;
    }
}
