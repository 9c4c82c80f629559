using System.Runtime.InteropServices;

namespace DataPlane.Guests.Writing;

/// <summary>One writer's orders for a stretch of time. It travels in the writer's saved state as it stands.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WriterPhase
{
    /// <summary>Bytes of one in saved state.</summary>
    public const int Size = 7 * sizeof(ulong);

    /// <summary>0: for ever.</summary>
    public long Nanoseconds;

    public ulong Pattern;
    public ulong HotPages;
    public ulong Drift;
    public ulong Batch;
    public ulong BytesPerSecond;
    public ulong BurstPeriodNanoseconds;

    /// <summary>Whether one that came from elsewhere keeps the writer within its pages.</summary>
    public readonly bool Fits(in WriterBlock writer) =>
        Nanoseconds > 0 && Pattern < (ulong)DirtyPattern.Replay && HotPages <= writer.Pages && Drift < writer.Pages << 32 && Batch <= WriterPlan.MaxBatch;

    /// <summary>Gives the writer these orders.</summary>
    public readonly void Apply(ref WriterBlock writer)
    {
        (writer.Pattern, writer.HotPages, writer.Drift, writer.Batch) = (Pattern, HotPages, Drift, Batch);
        (writer.BytesPerSecond, writer.BurstPeriodNanoseconds) = (BytesPerSecond, BurstPeriodNanoseconds);
    }
}
