using DataPlane.Core.Wire;

namespace DataPlane.Tests.Handover.Processes;

/// <summary>The type of a message, as a test shows it.</summary>
public sealed class WireWord
{
    internal WireWord(ControlMessageType type) => Type = type;

    internal ControlMessageType Type { get; }

    public override string ToString() => Type.ToString().ToUpperInvariant();
}
