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
    /// <param name="declared">By the user.</param>
    /// <param name="probed">By a burst just before.</param>
    /// <param name="achievedBefore">In an earlier blackout that was called off.</param>
    /// <param name="measured">During the passes.</param>
    /// <param name="capped">
    /// Whether that is the user's cap at work and not the link. It serves while nothing better is known, and is too low for a blackout, in
    /// which there is no cap: who caps the passes does well to declare the bandwidth.
    /// </param>
    public static CountedRate Choose(double? declared, double? probed, double? achievedBefore, double? measured, bool capped = false)
    {
        if (declared is not { } word)
            return achievedBefore is { } less && !(measured <= less) ? new(less, "achieved") : new(measured, capped ? "capped" : "measured");
        if (DeclaredBandwidth.FellShort(word, probed)) return new(probed, "probed");
        return DeclaredBandwidth.FellShort(word, achievedBefore) ? new(achievedBefore, "achieved") : new(word, "declared");
    }
}
