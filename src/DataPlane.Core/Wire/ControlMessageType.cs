namespace DataPlane.Core.Wire;

/// <summary>The messages of the control channel (source to destination) and the return path (back). Zero is invalid.</summary>
internal enum ControlMessageType : ushort
{
    Invalid = 0,
    Hello = 1,
    Accept = 2,
    Ready = 3,
    Acknowledge = 4,
    Fenced = 5,
    Ping = 6,
    Pong = 7,
    Switchover = 8,
    Prepared = 9,
    PageSums = 10,
    Verified = 11,
    Commit = 12,
    Running = 13,
    Failed = 14,
    Handover = 15,
    Checkpoints = 16,
    Deadline = 17,

    // What follows is said between the two ends that measure a link, and to nobody else.
    LinkHello = 64,
    LinkAccept = 65,
    LinkOrder = 66,
    LinkDone = 67,
    LinkSample = 68,
}
