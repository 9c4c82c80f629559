using System.Runtime.CompilerServices;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>What a side of the handover wants done.</summary>
internal enum HandoverAct : byte
{
    None,

    /// <summary>Compare-and-set the record. Answered by Recorded, NotRecorded, RecordInDoubt or RecordFound.</summary>
    Record,

    /// <summary>Say a word to the peer; dropped where no link is up.</summary>
    Say,

    /// <summary>Let the guest run here. Destination: answered by Resumed, ResumeFailed or ResumeFailedInside.</summary>
    Resume,

    /// <summary>The guest is not coming back: let go of its memory and of what else this side holds of it.</summary>
    Release,

    /// <summary>Ask the arbiter to award the guest to this side. Answered by Awarded or ArbiterFailed.</summary>
    Claim,
}

/// <summary>One thing to do. What it names beside <see cref="Act"/> counts for that act only.</summary>
/// <param name="Act">What to do.</param>
/// <param name="Record">The record to write.</param>
/// <param name="Word">The word to say.</param>
/// <param name="Turn">Which verdict of the arbiter: 0 the first; 1 after the destination gave the guest back.</param>
internal readonly record struct HandoverEffect(
    HandoverAct Act, HandoverRecord Record = HandoverRecord.None, HandoverWord Word = HandoverWord.Invalid, byte Turn = 0);

/// <summary>What is to be done, in this order. A value: the handover allocates nothing inside the blackout.</summary>
internal struct HandoverEffects
{
    /// <summary>The most that one step asks for: resume, say, record.</summary>
    private const int Most = 4;

    [InlineArray(Most)]
    private struct Items
    {
        private HandoverEffect _first;
    }

    private Items _items;

    public int Count { get; private set; }

    public readonly HandoverEffect this[int index] => _items[index];

    public static HandoverEffects None => default;

    public static HandoverEffects Record(HandoverRecord record) => None.ThenRecord(record);

    public static HandoverEffects Say(HandoverWord word) => None.ThenSay(word);

    public static HandoverEffects Resume() => None.Then(new HandoverEffect(HandoverAct.Resume));

    public static HandoverEffects Release() => None.ThenRelease();

    public static HandoverEffects Claim(byte turn) => None.Then(new HandoverEffect(HandoverAct.Claim, Turn: turn));

    public HandoverEffects ThenRecord(HandoverRecord record) => Then(new HandoverEffect(HandoverAct.Record, Record: record));

    public HandoverEffects ThenSay(HandoverWord word) => Then(new HandoverEffect(HandoverAct.Say, Word: word));

    public HandoverEffects ThenRelease() => Then(new HandoverEffect(HandoverAct.Release));

    public HandoverEffects Then(HandoverEffect effect)
    {
        _items[Count++] = effect;
        return this;
    }
}
