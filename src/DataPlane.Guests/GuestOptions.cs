using DataPlane.Core.Traces;
using DataPlane.Guests.Memory;
using DataPlane.Linux.Kvm;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests;

/// <summary>
/// What guest to make. A destination uses <see cref="Kind"/>, <see cref="MemoryBytes"/>, <see cref="Vcpus"/>, the device's load
/// time, <see cref="MemoryFile"/> and <see cref="Poison"/>; rate, pattern and all else arrive with the guest.
/// </summary>
public sealed record GuestOptions
{
    /// <summary>The most vCPUs or writer threads.</summary>
    public const int MaxVcpus = 64;

    /// <summary>The most bytes of opaque device state: 1 GiB, half of what one piece of .NET memory can hold.</summary>
    public const long MaxDeviceStateBytes = 1L << 30;

    /// <summary>What writes the memory. Default: KVM.</summary>
    public GuestKind Kind { get; init; }

    /// <summary>Bytes of RAM, whole pages. A KVM guest has 4 MiB to 256 GiB. Default 1 GiB.</summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>vCPUs or writer threads, 1 to 64. Default 1.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>
    /// Page writes per second over all vCPUs, times 4096. A page written twice between two looks counts twice. 0: the guest
    /// writes nothing; <see cref="DirtyOrders.Unlimited"/>: as fast as it goes. Default 200 MiB.
    /// </summary>
    public long DirtyBytesPerSecond { get; init; } = 200L << 20;

    /// <summary>Which pages. Default: hot and cold.</summary>
    public DirtyPattern Pattern { get; init; } = DirtyPattern.HotCold;

    /// <summary>
    /// Bytes of the hot set over all vCPUs, for the patterns that have one; at most all of the memory is used. Default 64 MiB.
    /// </summary>
    public long WorkingSetBytes { get; init; } = 64L << 20;

    /// <summary>As <see cref="DirtyOrders.DriftBytesPerSecond"/>. Default 0.</summary>
    public long DriftBytesPerSecond { get; init; }

    /// <summary>What a write does to its page. Default: one word.</summary>
    public DirtyWrite Write { get; init; }

    /// <summary>What is written. Default: random.</summary>
    public DirtyContent Content { get; init; }

    /// <summary>As <see cref="DirtyOrders.Phases"/>. Default none.</summary>
    public IReadOnlyList<DirtyPhase> Phases { get; init; } = [];

    /// <summary>
    /// As <see cref="DirtyOrders.Replay"/>. Pages that no vCPU writes, as the first 2 MiB of a KVM guest, are left out. A destination needs the trace too: where the
    /// guest is in it comes with the guest, and not the trace itself. Default null.
    /// </summary>
    public DirtyTrace? Replay { get; init; }

    /// <summary>What the memory holds at start. Default: mixed.</summary>
    public MemoryFill Fill { get; init; } = MemoryFill.Mixed;

    /// <summary>From which everything random derives: contents, pages, device state. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Bytes of the device state section <c>opaque</c>; its header takes 24 even when less is asked for. Default 1 MiB.
    /// </summary>
    public long DeviceStateBytes { get; init; } = 1L << 20;

    /// <summary>How long the device says that saving takes, and then takes. Default 0.</summary>
    public TimeSpan DeviceSaveTime { get; init; }

    /// <summary>How long the device says that loading takes, and then takes. Default 0.</summary>
    public TimeSpan DeviceLoadTime { get; init; }

    /// <summary>How much longer than declared the first save takes. Default 0.</summary>
    public TimeSpan DeviceSurprise { get; init; }

    /// <summary>
    /// Path of a file to hold the RAM; made where it is missing, kept afterwards. Default null: an anonymous memory file.
    /// </summary>
    public string? MemoryFile { get; init; }

    /// <summary>Destination: write a known pattern, no byte of it zero, into every page first. Default false.</summary>
    public bool Poison { get; init; }

    /// <summary>
    /// The dirty source that the guest will be asked for, one of <see cref="DirtySourceNames.Of"/> its kind: a VM gets dirty rings when it is made or
    /// never. Default <c>auto</c>.
    /// </summary>
    public string DirtySource { get; init; } = DirtySourceNames.Auto;

    /// <summary>Entries of each vCPU's dirty ring.</summary>
    internal int DirtyRingEntries { get; init; } = KvmDirtyRing.DefaultEntries;

    /// <summary>How the memory is to be dirtied.</summary>
    public DirtyOrders Orders => new()
    {
        BytesPerSecond = DirtyBytesPerSecond,
        Pattern = Pattern,
        WorkingSetBytes = WorkingSetBytes,
        DriftBytesPerSecond = DriftBytesPerSecond,
        Write = Write,
        Content = Content,
        Phases = Phases,
        Replay = Replay,
        Seed = Seed,
    };

    /// <summary>Every fault of these options as a sentence; empty when they are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Kind)) faults.Add($"Guest kind {Kind} does not exist.");
        if (!Enum.IsDefined(Fill)) faults.Add($"Memory fill {Fill} does not exist.");
        if (Vcpus is < 1 or > MaxVcpus) faults.Add($"A guest has 1 to {MaxVcpus} vCPUs, not {Vcpus}.");
        if (DirtySourceNames.Refusal(Kind, DirtySource) is { } refusal) faults.Add(refusal);
        CheckMemory(faults);
        faults.AddRange(Orders.Validate(MemoryBytes));
        if (DeviceStateBytes is < 0 or > MaxDeviceStateBytes)
            faults.Add($"The device state has 0 to {MaxDeviceStateBytes} bytes, not {DeviceStateBytes}.");
        foreach (var (name, time) in new[] { ("save time", DeviceSaveTime), ("load time", DeviceLoadTime), ("surprise", DeviceSurprise) })
            if (time < TimeSpan.Zero || time > TimeSpan.FromHours(1))
                faults.Add($"The device's {name} is 0 to 1 hour, not {time}.");
        return faults;
    }

    private void CheckMemory(List<string> faults)
    {
        if (MemoryBytes <= 0 || MemoryBytes % PageSize != 0)
            faults.Add($"Guest memory of {MemoryBytes} bytes is not a positive multiple of {PageSize}.");
        else if (Kind == GuestKind.Kvm && MemoryBytes is < GuestLayout.MinKvmBytes or > GuestLayout.MaxKvmBytes)
            faults.Add($"A KVM guest has {GuestLayout.MinKvmBytes >> 20} MiB to {GuestLayout.MaxKvmBytes >> 30} GiB of memory, not {MemoryBytes} bytes.");
        else if (Vcpus > 0 && GuestLayout.DataPages(Kind, MemoryBytes) < Vcpus)
            faults.Add($"Guest memory of {MemoryBytes} bytes has less than a page for each of {Vcpus} vCPUs.");
    }
}
