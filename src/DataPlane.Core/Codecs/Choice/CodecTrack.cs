namespace DataPlane.Core.Codecs.Choice;

/// <summary>What a channel has learned of one codec, and how often a change to it has disappointed.</summary>
internal struct CodecTrack
{
    // A quarter: eight samples later nine tenths of what is remembered are new. A half where a sample is a whole window of pages.
    private const double Weight = 0.25;
    private const double WeightOfWindow = 0.5;

    // A change in vain is not repeated for 64 times the time that it lost, nor for 8 times the time that it took; then 128 and 16, up to 4096
    // and 512. So such changes cost a 32nd of the time at first, in the end next to nothing; and a change that was thought to be in vain only
    // because a buffer was filling is soon tried again.
    private const int OfLost = 64;
    private const int OfTaken = 8;
    private const int MostDoublings = 6;

    private int _disappointments;
    private long _heldOffUntil;

    /// <summary>Whether both sides have it.</summary>
    public bool Available { get; set; }

    /// <summary>Null until it was tried.</summary>
    public CodecFigures? Figures { get; private set; }

    /// <summary>Takes what one trial has shown.</summary>
    public void Learn(CodecFigures seen) => Learn(seen, Weight);

    /// <summary>Takes what a window of its use has shown.</summary>
    public void LearnWindow(CodecFigures seen) => Learn(seen, WeightOfWindow);

    public readonly bool IsHeldOff(long now) => now < _heldOffUntil;

    /// <summary>It was changed to in vain for a time, and lost some: not again for a while, twice as long each time.</summary>
    public void HoldOff(long now, long taken, double lost) =>
        _heldOffUntil = now + ((long)Math.Max(taken * OfTaken, lost * OfLost) << Math.Min(_disappointments++, MostDoublings));

    public static double Mean(double old, double now) => Mean(old, now, Weight);

    private static double Mean(double old, double now, double weight) => old + (weight * (now - old));

    private void Learn(CodecFigures seen, double weight) => Figures = Figures is { } old
        ? new(Mean(old.EncodeNanoseconds, seen.EncodeNanoseconds, weight), Mean(old.WireBytes, seen.WireBytes, weight)) : seen;
}
