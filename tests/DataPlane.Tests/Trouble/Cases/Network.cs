namespace DataPlane.Tests.Trouble.Cases;

/// <summary>What can be done to the connections of a session at a moment. Options of cases that wait for a timeout.</summary>
internal static class Network
{
    public const string ControlOnly = "control connection", OneChannel = "one data channel", Everything = "all connections";

    /// <summary>Does it to the connections that <paramref name="where"/> names: of the data channels the moment's own, or else the second.</summary>
    public static Strike To(string where, Action<WireLane> act) => (scene, unit) =>
    {
        if (where == Everything) scene.Relay.ForLater = act; // First: a source that is cut comes again at once.
        var one = unit.Frame != 0 || (unit.IsPreamble && unit.Channel > 0) ? unit.Channel : 1;
        foreach (var lane in scene.Relay.Lanes)
            if (where == Everything || (where == ControlOnly ? lane.Channel is null or -1 : lane.Channel == one)) act(lane);
        return ValueTask.FromResult(Fate.Passes);
    };

    public static Strike Do(Fate fate) => (_, _) => ValueTask.FromResult(fate);

    public static Strike Do(Action<TroubleScene> act) => (scene, _) =>
    {
        act(scene);
        return ValueTask.FromResult(Fate.Passes);
    };

    /// <summary>Both sides lose patience after a second, with what the case's bound names: a loaded machine may need longer for the rest.</summary>
    public static void Impatient(TroubleScene scene)
    {
        ImpatientSource(scene);
        ImpatientDestination(scene);
    }

    /// <summary>The source alone does: the destination must not be the first to notice.</summary>
    public static void ImpatientSource(TroubleScene scene)
    {
        var options = scene.Pair.SourceOptions;
        scene.Pair.SourceOptions = options with
        {
            IdleTimeout = scene.Bound == Bound.IdleTimeout ? Bound.Idle : options.IdleTimeout,
            HandshakeTimeout = scene.Bound == Bound.Handshake ? Bound.Idle : options.HandshakeTimeout,
            HandoverTimeout = scene.Bound == Bound.Handover ? Bound.Idle : options.HandoverTimeout,
        };
    }

    /// <summary>The destination does, so that a case need not wait for it.</summary>
    public static void ImpatientDestination(TroubleScene scene) =>
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { IdleTimeout = Bound.Idle, HandshakeTimeout = Bound.Idle, HandoverTimeout = Bound.Idle };

    /// <summary>The source asks over another connection when nothing has come for half a second.</summary>
    public static void AsksSoon(TroubleScene scene)
    {
        Impatient(scene);
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { HandoverTimeout = TimeSpan.FromSeconds(2) };
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { HandoverTimeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>Both sides ask and wait for a second only when the connection is lost in the handover.</summary>
    public static void ImpatientInHandover(TroubleScene scene)
    {
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { HandoverTimeout = Bound.Idle };
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { HandoverTimeout = Bound.Idle };
    }
}
