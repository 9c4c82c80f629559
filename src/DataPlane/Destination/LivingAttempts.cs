using System.Collections.Concurrent;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Destination;

/// <summary>
/// The attempts of this process whose source may still ask. Whoever listens next in this process answers for them; and as long as they are
/// here their lock is held, so that no other process calls a guest dead that runs in this one. For any thread.
/// </summary>
internal static class LivingAttempts
{
    private static readonly ConcurrentDictionary<(Guid Journal, HandoverKey Key), DestinationOwnership> Living = new();

    public static void Add(DestinationOwnership attempt) => Living[(attempt.Line.OwnJournal, attempt.Key)] = attempt;

    public static void Remove(DestinationOwnership attempt) => _ = Living.TryRemove(new((attempt.Line.OwnJournal, attempt.Key), attempt));

    /// <summary>The answer of the attempt in question; null where it is none of this process's.</summary>
    public static HandoverWord? Answer(Guid journal, HandoverKey key, HandoverWord heard) =>
        Living.TryGetValue((journal, key), out var attempt) ? attempt.Answer(heard) : null;
}
