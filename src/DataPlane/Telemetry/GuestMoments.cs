using DataPlane.Control.Timeline;
using DataPlane.Host;

namespace DataPlane.Telemetry;

/// <summary>
/// The guest's own moments, where the host knows them. Cheap: two numbers are read. A host that fails to tell has stopped or resumed its guest all
/// the same: the clock takes the moment's place, and that is all that comes of it.
/// </summary>
internal static class GuestMoments
{
    /// <summary>The pause has returned at <paramref name="stopped"/>. A warning where the host failed to tell more, else null.</summary>
    public static string? Stopped(BlackoutTimes times, IMigrationHost host, long stopped)
    {
        string? warning = null;
        try
        {
            if (host is IGuestMoments { StoppedAt: { } last } && last >= times[BlackoutMoment.StopAsked] && last <= stopped)
                times.Mark(BlackoutMoment.LastInstruction, last);
        }
        catch (Exception fault)
        {
            warning = Untold("stood still", "from before its pause", fault);
        }
        times.Mark(BlackoutMoment.Stopped, stopped);
        return warning;
    }

    /// <summary>
    /// A resume that began at <paramref name="asked"/> has returned at <paramref name="resumed"/>: when the guest ran. <paramref name="warning"/>: where
    /// the host failed to tell, else null.
    /// </summary>
    public static long Resumed(IMigrationHost host, long asked, long resumed, out string? warning)
    {
        warning = null;
        try
        {
            return host is IGuestMoments { ResumedAt: { } first } && first >= asked && first <= resumed ? first : resumed;
        }
        catch (Exception fault)
        {
            warning = Untold("ran again", "to after its resume", fault);
            return resumed;
        }
    }

    private static string Untold(string what, string instead, Exception fault) =>
        $"The host failed to tell when the guest {what} ({fault.Message}): the blackout is counted {instead}.";
}
