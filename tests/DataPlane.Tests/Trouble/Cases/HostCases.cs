using DataPlane.Core.Errors;
using DataPlane.Host;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Hosts whose callbacks throw, hang with and without an eye on their token, or change what they said.</summary>
internal static class HostCases
{
    private const string Words = "The back end is gone.";
    private static readonly Bound _named = Bound.Seconds(1.5, "named in the log after 1 s; ends when the callback returns");

    public static IEnumerable<TroubleCase> All() => Throwing().Concat(Hanging()).Concat(Odd());

    private static IEnumerable<TroubleCase> Throwing()
    {
        foreach (var when in (Moment[])[Moment.Stop, Moment.Save, Moment.Release]) yield return Throws("source's host", when, Failed(MigrationSide.Source));
        yield return Throws("destination's host", Moment.Load, Failed(MigrationSide.Destination).In("load-state"));
        // Before the host was told to resume, and where it says so, no vCPU has entered the guest: it is given back. Else it may have run there.
        yield return Throws("destination's host", Moment.Acquire, Failed(MigrationSide.Destination).In("acquire"));
        yield return Throws("destination's host, before any vCPU entered", Moment.Resume, Failed(MigrationSide.Destination).In("resume"))
            with { Strike = (_, _) => throw new GuestNotEnteredException(Words) };
        yield return Throws("destination's host", Moment.Resume, Ending.Failed(MigrationErrorCode.GuestLost, MigrationSide.Destination).In("resume", "await-running") with { Guest = Runs.Nowhere, DestinationCode = MigrationErrorCode.GuestLost, Says = [Words] });
        yield return Throws("destination's host", Moment.Announce, Ending.Completed) with { AndThen = scene => Assert.True(scene.LoggedAsync(Words).IsCompleted) };
        yield return Throws("source's host, and its acquire on the way back", Moment.Release, Failed(MigrationSide.Source) with { Says = [Words, "acquire on the source failed too", "The lock is taken."] })
            with { Arrange = scene => scene.Pair.SourceHost.Before("acquire", () => throw new IOException("The lock is taken.")) };
        yield return Throws(
            "source's host, and its resume on the way back", Moment.Save,
            Failed(MigrationSide.Source) with { Guest = Runs.Nowhere, Says = [Words, "resume on the source failed too", "No vCPU."] })
            with { Arrange = scene => scene.Pair.SourceHost.Before("resume", () => throw new IOException("No vCPU.")) };
    }

    private static IEnumerable<TroubleCase> Hanging()
    {
        foreach (var (when, step) in new[] { (Moment.Stop, "stop"), (Moment.Save, "save-state"), (Moment.Release, "release") })
            yield return new TroubleCase("callback ignores its token, then cancel", "source's host", when, _named, Ending.Cancelled(MigrationSide.Source),
                async (scene, _) =>
                {
                    scene.CancelSource();
                    await scene.LoggedAsync($"waiting for the host's {step}");
                    return Fate.Passes;
                }) { Holds = false };
        yield return new TroubleCase("callback ignores its token, then cancel", "destination's host", Moment.Load, _named, Ending.Cancelled(MigrationSide.Source),
            async (scene, _) =>
            {
                scene.CancelSource();
                await scene.LoggedAsync("waiting for the host's load-state");
                return Fate.Passes;
            }) { Holds = false, BoundIsDestinations = true };
        yield return new TroubleCase("resume on the way back hangs for a while", "source's host", Moment.Save, _named, Ending.Cancelled(MigrationSide.Source),
            Do(scene => scene.CancelSource()))
        {
            Arrange = scene => scene.Pair.SourceHost.Before("resume", _ => scene.LoggedAsync("waiting for the host's resume")),
        };
        yield return new TroubleCase("load hangs", "destination's host", Moment.Load, Bound.Handover, Ending.TimedOut(), Do(Fate.Passes)) { Arrange = ImpatientSource };
        foreach (var when in (Moment[])[Moment.Acquire, Moment.Resume])
            yield return new TroubleCase("callback hangs until the source has given up", "destination's host", when, Bound.Handover, Ending.Uncertain(runs: true),
                async (scene, _) =>
                {
                    await scene.SourceEnded;
                    return Fate.Passes;
                }) { Arrange = ImpatientInHandover };
        yield return new TroubleCase("announce hangs until the source has ended", "destination's host", Moment.Announce, Bound.AtOnce, Ending.Completed,
            async (scene, _) =>
            {
                await scene.SourceEnded;
                return Fate.Passes;
            });
    }

    private static IEnumerable<TroubleCase> Odd()
    {
        yield return Throws("source's host, and its log at every line", Moment.Release, Failed(MigrationSide.Source)) with
        {
            Arrange = scene =>
            {
                scene.Pair.SourceOptions = scene.Pair.SourceOptions with { Log = _ => throw new IOException("No room for logs.") };
                scene.Pair.SourceHost.Before("acquire", () => throw new IOException("The lock is taken."));
            },
        };
        yield return new TroubleCase("log throws at every line, a stranger is refused", "destination's host", Moment.Connecting, Bound.AtOnce, Ending.Completed,
            async (scene, _) =>
            {
                await Stranger.CallAsync(scene.Pair.Listener.Address);
                return Fate.Passes;
            })
        {
            Arrange = scene => scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { Log = _ => throw new IOException("No room for logs.") },
        };
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.Save])
            yield return Forgets("source's host", when, scene => scene.Pair.SourceHost = Forgetful(scene, scene.Source));
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.Load])
            yield return Forgets("destination's host", when, scene => scene.Pair.DestinationHost = Forgetful(scene, scene.Destination));
    }

    private static Ending Failed(MigrationSide side) => Ending.Failed(MigrationErrorCode.HostFailed, side) with { DestinationCode = MigrationErrorCode.HostFailed, Says = [Words] };

    private static TroubleCase Throws(string where, Moment when, Ending ends) =>
        new("callback throws", where, when, Bound.AtOnce, ends, (_, _) => throw new IOException(Words));

    private static TroubleCase Forgets(string where, Moment when, Action<TroubleScene> arrange) =>
        new("list of device sections becomes empty", where, when, Bound.AtOnce, Ending.Completed, Do(scene => scene.Sections.Clear())) { Arrange = arrange };

    private static HookedHost Forgetful(TroubleScene scene, IMigrationHost host)
    {
        scene.Sections.AddRange(host.Sections);
        return new HookedHost(host) { Sections = scene.Sections };
    }
}
