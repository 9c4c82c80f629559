using DataPlane.Core.Memory;
using DataPlane.Core.Traces;

namespace DataPlane.Tools.Predict;

/// <summary>The guest that is to be moved. Immutable; checked as a whole by <see cref="Validate"/>.</summary>
public sealed record PredictGuest
{
    /// <summary>Bytes of RAM, whole pages. 1 GiB.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Share of the memory that is zero pages, 0 to 1. A quarter.</summary>
    public double ZeroShare { get; init; } = 0.25;

    /// <summary>Share of the memory that a codec makes smaller, 0 to 1; what is neither is noise. A half.</summary>
    public double CompressibleShare { get; init; } = 0.5;

    /// <summary>Page writes per second times 4096, over all vCPUs; a page that is written twice counts twice. 200 MiB.</summary>
    public double DirtyBytesPerSecond { get; init; } = 200L << 20;

    /// <summary>Where it writes. Hot and cold.</summary>
    public PredictPattern Pattern { get; init; }

    /// <summary>Bytes of the hot set over all vCPUs, for the patterns that have one. 64 MiB.</summary>
    public long WorkingSetBytes { get; init; } = 64L << 20;

    /// <summary>vCPUs, which share memory and work alike. 1.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>What it wrote when it was recorded, again and again, instead of rate and pattern; of a memory of the same size. Null: none.</summary>
    public DirtyTrace? Trace { get; init; }

    /// <summary>Bytes that a migration under way has yet to send, written pages all; null: all of the memory.</summary>
    public long? RemainingBytes { get; init; }

    /// <summary>
    /// Whether a page that is sent is armed anew just then, as KVM's log and userfaultfd do it. False for marks that are only taken by a read, so that a page
    /// written before it was sent is sent again. True.
    /// </summary>
    public bool RearmsWhenSent { get; init; } = true;

    /// <summary>Bytes of device state. 1 MiB.</summary>
    public long DeviceStateBytes { get; init; } = 1L << 20;

    /// <summary>How long the devices take to save, as they declare. 0.</summary>
    public TimeSpan DeviceSaveTime { get; init; }

    /// <summary>How long the devices take to load, as they declare. 0.</summary>
    public TimeSpan DeviceLoadTime { get; init; }

    /// <summary>Every fault as a sentence; empty when they are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (MemoryBytes <= 0 || MemoryBytes % PageGeometry.PageSize != 0) faults.Add($"Guest memory of {MemoryBytes} bytes is not a positive multiple of {PageGeometry.PageSize}.");
        if (!(ZeroShare >= 0 && CompressibleShare >= 0 && ZeroShare + CompressibleShare <= 1.0000001))
            faults.Add($"The shares of zero pages ({ZeroShare}) and of compressible ones ({CompressibleShare}) are each at least 0, and together at most 1.");
        if (!(DirtyBytesPerSecond >= 0 && double.IsFinite(DirtyBytesPerSecond))) faults.Add($"The dirty rate cannot be {DirtyBytesPerSecond} bytes per second.");
        if (!Enum.IsDefined(Pattern)) faults.Add($"Pattern {Pattern} does not exist.");
        if (WorkingSetBytes < PageGeometry.PageSize) faults.Add($"The working set of {WorkingSetBytes} bytes is less than a page of {PageGeometry.PageSize}.");
        if (Vcpus < 1 || (MemoryBytes > 0 && Vcpus > MemoryBytes / PageGeometry.PageSize)) faults.Add($"A guest has at least 1 vCPU, and a page for each, not {Vcpus}.");
        if (Trace is { } trace && trace.MemoryBytes != MemoryBytes)
            faults.Add($"The trace is of a memory of {trace.MemoryBytes} bytes, and the guest has {MemoryBytes} bytes.");
        if (Trace is { Steps.IsEmpty: true }) faults.Add("The trace has no step, so that it tells nothing of how the guest writes.");
        if (RemainingBytes < 0 || RemainingBytes > MemoryBytes) faults.Add($"Of {MemoryBytes} bytes {RemainingBytes} cannot remain.");
        if (DeviceStateBytes < 0 || DeviceSaveTime < TimeSpan.Zero || DeviceLoadTime < TimeSpan.Zero) faults.Add("Device state and its times are at least 0.");
        return faults;
    }
}
