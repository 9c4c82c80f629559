namespace DataPlane.Control.Bandwidth;

/// <summary>The rate that a decision counts on, and where it comes from, as a word for the reasons.</summary>
internal readonly record struct CountedRate(double? BytesPerSecond, string Origin);

/// <summary>
/// Which of the rates counts. The user's declaration does, as QEMU's <c>avail-switchover-bandwidth</c> does, unless a probe or an earlier
/// blackout has shown less than three quarters of it. Without a declaration: what was achieved in an earlier blackout that was called off
/// if that was less, then what was measured. Pure.
/// </summary>
internal static class SwitchoverBandwidth
{
    public static CountedRate Choose(double? declared, double? probed, double? achievedBefore, double? measured)
    {
        if (declared is not { } word)
            return achievedBefore is { } less && !(measured <= less) ? new(less, "achieved") : new(measured, "measured");
        if (DeclaredBandwidth.FellShort(word, probed)) return new(probed, "probed");
        return DeclaredBandwidth.FellShort(word, achievedBefore) ? new(achievedBefore, "achieved") : new(word, "declared");
    }
}
