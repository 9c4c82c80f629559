using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Whether a case kept its bound. A guest that stood still at the source has to run again by then. The source's result may come later by what it
/// gives a destination that may be prepared to hear that the guest stays; a cancel is answered before that.
/// </summary>
internal static class BoundCheck
{
    /// <summary>Three of the scheduler's rounds on a machine whose cores are all taken; what stood still altogether is added as it was measured.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    // src/README.md, what is waited for: 250 ms for the peer's reason, 1 s for its answer.
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(1.25);

    /// <param name="bound">The case's.</param>
    /// <param name="took">From the trouble to the result of the side that is asked.</param>
    /// <param name="back">From the trouble to the source's host having resumed the guest; null: it never stood still there, or went on elsewhere, or the other side is asked.</param>
    /// <param name="stalls">How long this process stood still meanwhile.</param>
    public static void AssertKept(Bound bound, TimeSpan took, TimeSpan? back, TimeSpan stalls)
    {
        if (back is { } resumed) Within("The guest ran again after", resumed, bound.Time);
        Within("It took", took, back is null || bound == Bound.Cancel ? bound.Time : bound.Time + Telling);

        void Within(string what, TimeSpan time, TimeSpan most) => Assert.True(
            time <= most + Slack + stalls,
            $"{what} {time.TotalSeconds:0.000} s; the bound is {bound.Name}, and this process stood still for {stalls.TotalSeconds:0.000} s of it.");
    }
}
