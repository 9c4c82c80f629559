using DataPlane.Core.Handover;

namespace DataPlane.Linux.Journal;

/// <summary>What was seen of an attempt's records at one moment.</summary>
/// <param name="Key">Which attempt.</param>
/// <param name="Entries">The records, oldest first; as far as they could be read.</param>
/// <param name="Fault">Why what stands there is not known.</param>
/// <param name="IsHeld">Whether a process holds the lock: the one with the guest's memory lives.</param>
internal sealed record AttemptReading(HandoverKey Key, IReadOnlyList<HandoverEntry> Entries, JournalFault Fault, bool IsHeld);
