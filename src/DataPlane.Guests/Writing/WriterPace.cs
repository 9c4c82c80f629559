using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>
/// Holds a writer to its rate: says how long to wait after so many writes. Its clock stands while the guest does, and is saved with the
/// guest, so that the other side goes on in the same place of a burst. One thread at a time.
/// </summary>
internal sealed class WriterPace(TimeProvider time)
{
    /// <summary>
    /// What a writer that was held back may catch up: a tenth of a second of its rate. More would turn a starved guest into one
    /// that dirties at full speed afterwards.
    /// </summary>
    private const long MaxLagNanoseconds = 100_000_000;

    private long _resumedAt;

    /// <summary>Nanoseconds of writing that have passed, less what was forgiven.</summary>
    public long Clock { get; set; }

    public void Resume() => _resumedAt = time.GetTimestamp();

    public void Pause() => Clock = Now();

    /// <summary>Nanoseconds to wait before the next write; 0 for none, negative for ever.</summary>
    public long Wait(in WriterBlock writer)
    {
        if (writer.BytesPerSecond == 0) return -1;
        var wait = Due(writer) - Now();
        if (wait < -MaxLagNanoseconds) Clock += wait + MaxLagNanoseconds;
        return Math.Max(0, wait);
    }

    private long Now() => Clock + (long)time.GetElapsedTime(_resumedAt).TotalNanoseconds;

    /// <summary>The clock at which as many writes are due as were made.</summary>
    private static long Due(in WriterBlock writer)
    {
        var spent = (Int128)writer.Count * PageSize * 1_000_000_000 / writer.BytesPerSecond;
        if (writer.BurstPeriodNanoseconds == 0) return (long)spent;
        // All of a period's writes fall into its first half, at twice the rate.
        var half = (Int128)(writer.BurstPeriodNanoseconds / 2);
        var active = spent / 2;
        return (long)((active / half * 2 * half) + (active % half));
    }
}
