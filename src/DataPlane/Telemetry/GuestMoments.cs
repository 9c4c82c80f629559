using DataPlane.Control.Timeline;
using DataPlane.Host;

namespace DataPlane.Telemetry;

/// <summary>The guest's own moments, where the host knows them. Cheap: two numbers are read.</summary>
internal static class GuestMoments
{
    /// <summary>The pause has returned at <paramref name="stopped"/>.</summary>
    public static void Stopped(BlackoutTimes times, IMigrationHost host, long stopped)
    {
        if (host is IGuestMoments { StoppedAt: { } last } && last >= times[BlackoutMoment.StopAsked] && last <= stopped)
            times.Mark(BlackoutMoment.LastInstruction, last);
        times.Mark(BlackoutMoment.Stopped, stopped);
    }

    /// <summary>A resume that began at <paramref name="asked"/> has returned at <paramref name="resumed"/>: when the guest ran.</summary>
    public static long Resumed(IMigrationHost host, long asked, long resumed) =>
        host is IGuestMoments { ResumedAt: { } first } && first >= asked && first <= resumed ? first : resumed;
}
