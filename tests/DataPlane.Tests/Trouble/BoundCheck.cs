using Xunit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Whether a case kept its bound: the result has come by then, and before it a guest that stood still at the source runs again.
/// </summary>
internal static class BoundCheck
{
    /// <summary>Three of the scheduler's rounds on a machine whose cores are all taken; what stood still altogether is added as it was measured.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <param name="bound">The case's.</param>
    /// <param name="took">From the trouble to the result of the side that is asked.</param>
    /// <param name="back">From the trouble to the source's host having resumed the guest; null: it never stood still there, or went on elsewhere, or the other side is asked.</param>
    /// <param name="stalls">How long this process stood still meanwhile.</param>
    public static void AssertKept(Bound bound, TimeSpan took, TimeSpan? back, TimeSpan stalls)
    {
        if (back is { } resumed) Within("The guest ran again after", resumed, bound.Time);
        Within("It took", took, bound.Time);

        void Within(string what, TimeSpan time, TimeSpan most) => Assert.True(
            time <= most + Slack + stalls,
            $"{what} {time.TotalSeconds:0.000} s; the bound is {bound.Name}, and this process stood still for {stalls.TotalSeconds:0.000} s of it.");
    }
}
