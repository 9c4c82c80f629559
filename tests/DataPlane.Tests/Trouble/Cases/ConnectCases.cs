using DataPlane.Core.Errors;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Nobody at the address, and nobody who answers there.</summary>
internal static class ConnectCases
{
    private static readonly Bound _timeout = new("connect timeout 1 s + 0.5 s", Bound.Idle + TimeSpan.FromSeconds(0.5));

    public static IEnumerable<TroubleCase> All()
    {
        var refused = Ending.Failed(MigrationErrorCode.CannotConnect, MigrationSide.Source).AndWaits().In("connect");
        yield return Case("nobody listens", Bound.AtOnce, refused with { Says = ["Is the destination listening there?"] }, Do(Fate.Passes))
            with { Arrange = scene => scene.Via = FullListener.Nobody() };
        yield return Case("no answer to connecting", _timeout, refused, Do(Fate.Passes)) with
        {
            Arrange = scene =>
            {
                scene.Pair.SourceOptions = scene.Pair.SourceOptions with { ConnectTimeout = Bound.Idle };
                Mute(scene);
            },
        };
        yield return Case("no answer to connecting, cancel by the source", Bound.Cancel, Ending.Cancelled(MigrationSide.Source).AndWaits().In("connect", "handshake"),
            Do(scene => scene.CancelSource())) with { Arrange = Mute };
    }

    private static void Mute(TroubleScene scene)
    {
        var full = new FullListener();
        scene.Via = full.Address;
        _ = scene.SessionsEnded.ContinueWith(_ => full.Dispose(), TaskScheduler.Default);
    }

    private static TroubleCase Case(string what, Bound bound, Ending ends, Strike strike) =>
        new(what, ControlOnly, Moment.Connecting, bound, ends, strike) { AtStart = true };
}
