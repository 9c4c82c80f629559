using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// A place in a migration, found without a clock: a unit on the wire, or a step that a host is asked for. <see cref="Steps"/> is what the
/// source may call what it is doing then, where nothing lets it go on.
/// </summary>
internal sealed record Moment(string Name, params string[] Steps)
{
    private static readonly string[] _sending = ["final-memory", "save-state", "await-prepared"];

    public static readonly Moment Connecting = new("connecting", "handshake");
    public static readonly Moment Hello = Message("handshake: HELLO on its way", ControlMessageType.Hello, "handshake");
    public static readonly Moment Accept = Message("handshake: ACCEPT on its way", ControlMessageType.Accept, "handshake");
    public static readonly Moment Joining = new("channels joining", "handshake") { Unit = unit => unit is { Channel: 1, IsPreamble: true }, OnData = true };
    public static readonly Moment Ready = Message("READY on its way", ControlMessageType.Ready, "handshake");
    public static readonly Moment FirstPass = new("first pass, amid a frame", "pass", "fence") { Unit = unit => IsPages(unit) && unit.Sequence == 1, Within = true, OnData = true };
    public static readonly Moment LaterPass = new("later pass, amid a frame", "pass", "fence") { Unit = unit => IsPages(unit) && unit.Pass > 1, Within = true, OnData = true, BeforePause = true };
    public static readonly Moment Fence = new("fence on its way", "fence") { Unit = IsFence, OnData = true };
    public static readonly Moment Fenced = Message("FENCED on its way", ControlMessageType.Fenced, "fence");
    public static readonly Moment Stop = Source("stopping the guest", "pause", "stop");
    public static readonly Moment FinalPages = new("final pages, amid a frame", _sending) { Unit = IsPages, Within = true, OnData = true, AfterPause = true };
    public static readonly Moment Save = Source("saving the device", "save opaque", "save-state");
    public static readonly Moment State = new("device state, amid a frame", _sending) { Unit = unit => unit.Frame == FrameKind.DeviceState, Within = true, OnData = true };
    public static readonly Moment Switchover = Message("SWITCHOVER on its way", ControlMessageType.Switchover, "final-memory", "await-prepared");
    public static readonly Moment Load = Destination("loading the device", "load opaque", "final-memory", "await-prepared");
    public static readonly Moment Prepared = Message("PREPARED on its way", ControlMessageType.Prepared, "final-memory", "await-prepared");
    public static readonly Moment Sums = Message("comparing: PAGE-SUMS on their way", ControlMessageType.PageSums, "verify");
    public static readonly Moment Verified = Message("comparing: VERIFIED on its way", ControlMessageType.Verified, "verify");
    public static readonly Moment Release = Source("releasing", "release", "release");
    public static readonly Moment Commit = Message("COMMIT on its way", ControlMessageType.Commit, "give", "await-running");
    public static readonly Moment Acquire = Destination("acquiring", "acquire", "await-running");
    public static readonly Moment Resume = Destination("resuming there", "resume", "await-running");
    public static readonly Moment Running = Message("RUNNING on its way", ControlMessageType.Running, "await-running");
    public static readonly Moment Announce = Destination("announcing", "announce");

    /// <summary>The unit on the wire, seen before it goes on; null where it is a step of a host.</summary>
    public Func<WireUnit, bool>? Unit { get; init; }

    /// <summary>A part of the frame has gone on already.</summary>
    public bool Within { get; init; }

    /// <summary>The unit is a data channel's.</summary>
    public bool OnData { get; init; }

    /// <summary>Only once the guest is stopped.</summary>
    public bool AfterPause { get; init; }

    /// <summary>Only while the guest runs: of a guest that got to run little the second pass may be the final one.</summary>
    public bool BeforePause { get; init; }

    /// <summary>The step that the source's host is asked for.</summary>
    public string? SourceCall { get; init; }

    /// <summary>The step that the destination's host is asked for.</summary>
    public string? DestinationCall { get; init; }

    public static Moment Message(string name, ControlMessageType type, params string[] steps) => new(name, steps) { Unit = unit => unit.Message == type };

    private static Moment Source(string name, string call, params string[] steps) => new(name, steps) { SourceCall = call };

    private static Moment Destination(string name, string call, params string[] steps) => new(name, steps) { DestinationCall = call };

    private static bool IsPages(WireUnit unit) => unit.Frame == FrameKind.Pages;

    private static bool IsFence(WireUnit unit) => unit.Frame == FrameKind.Fence;
}
