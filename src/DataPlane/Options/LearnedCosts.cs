using DataPlane.Control.Forecast;

namespace DataPlane.Options;

/// <summary>
/// What blackouts have cost beside memory: stopping, saving and loading each device section, the messages of the handover, resuming; and the
/// bandwidth achieved in one that was called off. Hand the same object to every attempt, and to migrations of like guests between the same
/// hosts: each learns from those before. For one migration at a time.
/// </summary>
public sealed class LearnedCosts
{
    internal SwitchoverCosts Steps { get; } = new();
}
