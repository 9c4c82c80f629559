using System.CommandLine;
using DataPlane.Cli.Record;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Guests;

namespace DataPlane.Cli.Options;

/// <summary>
/// The options that describe the guest. Both sides take all of them, so that one set of arguments serves a source and its
/// destination. There what comes with the guest is taken without effect: help does not show it, nor does the result document.
/// </summary>
internal sealed class GuestOptionSet
{
    /// <param name="side">Whose options.</param>
    /// <param name="settle">What <c>--settle</c> is where it is not given: long enough for the guest to dirty at its pace when the stream begins.</param>
    public GuestOptionSet(MigrationSide side, string settle = "250ms")
    {
        Settle = new(
            "--settle", "TIME", settle, "How long the guest runs before its migration begins: what its own work is compared with afterwards.",
            Duration.Form + ", at most 10m", Readers.Time(default, _longest));
        foreach (var option in new Option[] { Dirty, Pattern, WorkingSet, Drift, Phases, Write, Content, Fill, DeviceSaveTime, DeviceSurprise, Settle, Seed })
            option.Hidden = side == MigrationSide.Destination;
    }

    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    public ValueOption<string> Guest { get; } = new(
        "--guest", "kvm|synthetic|auto", "auto", "A real KVM vCPU dirties the memory, or threads do; auto takes kvm where it works.",
        "kvm, synthetic or auto", Readers.OneOf("kvm", "synthetic", "auto"));

    public ValueOption<long> Memory { get; } = new(
        "--memory", "SIZE", "1GiB", "Guest RAM, whole pages of 4 KiB.", ByteSize.Form + ", in whole pages of 4KiB", Readers.Size(4096, 4096));

    public ValueOption<int> Vcpus { get; } = new(
        "--vcpus", "N", "1", "vCPUs, or writer threads.", "a number from 1 to 64", Readers.Int(1, 64));

    public ValueOption<long> Dirty { get; } = new(
        "--dirty", "RATE|max", "200MiB/s", "How fast the guest dirties pages; 0: not at all, max: as fast as it goes.", DirtyRates.Form, DirtyRates.TryRead);

    public ValueOption<DirtyPattern> Pattern { get; } = new(
        "--pattern", "uniform|sequential|hotcold|zipf|burst", "hotcold", "Where it writes.",
        "one of " + PhaseList.Patterns, PhaseList.TryReadPattern);

    public ValueOption<long> WorkingSet { get; } = new(
        "--working-set", "SIZE", "64MiB", "Size of the hot set.", ByteSize.Form + ", in whole pages of 4KiB", Readers.Size(4096, 4096));

    public ValueOption<long> Drift { get; } = new(
        "--drift", "RATE", "0", "How fast the hot set moves through memory; a guest that is held back moves it more slowly too.", ByteRate.Form + ", or 0", Readers.Rate(0, long.MaxValue));

    public ValueOption<IReadOnlyList<DirtyPhase>?> Phases { get; } = new(
        "--phases", "LIST", null, "Patterns that follow each other, round and round, as hotcold:5s,uniform:2s@50MiB/s; instead of --pattern.", PhaseList.Form, PhaseList.TryRead);

    public ValueOption<DirtyWrite> Write { get; } = new(
        "--write", "word|page|same", "word", "A write changes two words of its page, or all, or writes what is there: dirty, and unchanged.",
        "one of " + Readers.Names<DirtyWrite>(), Readers.Member<DirtyWrite>());

    public ValueOption<DirtyContent> Content { get; } = new(
        "--content", "random|compressible", "random", "What is written: noise, or noise and zeros in turn.",
        "one of " + Readers.Names<DirtyContent>(), Readers.Member<DirtyContent>());

    public ValueOption<string?> Replay { get; } = new(
        "--replay", "FILE", null, "Dirty what a trace of 'record' says, again and again, instead of a pattern. Both sides need it.", "a FILE that 'record' wrote", Readers.File!);

    public ValueOption<MemoryFill> Fill { get; } = new(
        "--fill", "zero|random|text|mixed", "mixed", "What the memory holds at start.",
        "one of " + Readers.Names<MemoryFill>(), Readers.Member<MemoryFill>());

    public ValueOption<string?> MemoryDir { get; } = new(
        "--memory-dir", "DIR", null, "Keep guest RAM in files there, source.ram and destination.ram, for the next run.",
        "a DIR for source.ram and destination.ram", Readers.File!);

    public ValueOption<long> DeviceState { get; } = new(
        "--device-state", "SIZE", "1MiB", "Opaque device state handed over at the switchover.", ByteSize.Form + ", or 0", Readers.Size(0, 1));

    public ValueOption<TimeSpan> DeviceSaveTime { get; } = new(
        "--device-save-time", "TIME", "0", "How long the guest's device takes to save its state, as it declares.",
        Duration.Form + ", at most 10m", Readers.Time(default, _longest));

    public ValueOption<TimeSpan> DeviceLoadTime { get; } = new(
        "--device-load-time", "TIME", "0", "How long the guest's device takes to load its state, as it declares.", Duration.Form + ", at most 10m", Readers.Time(default, _longest));

    public ValueOption<TimeSpan> DeviceSurprise { get; } = new(
        "--device-surprise", "TIME", "0", "How much longer than it declares the device takes, the first time.",
        Duration.Form + ", at most 10m", Readers.Time(default, _longest));

    public ValueOption<TimeSpan> Settle { get; }

    public ValueOption<ulong?> Seed { get; } = new(
        "--seed", "N", null, "Of everything random; without it one is drawn and printed.", "a whole number from 0", Readers.Seed);

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All =>
    [
        Guest, Memory, Vcpus, Dirty, Pattern, WorkingSet, Drift, Phases, Write, Content, Replay, Fill, MemoryDir,
        DeviceState, DeviceSaveTime, DeviceLoadTime, DeviceSurprise, Settle, Seed,
    ];

    /// <summary>The guest as asked for. The kind and the seed have been settled, since both sides of a demo need the same.</summary>
    public GuestOptions Read(ParseResult parse, MigrationSide side, GuestKind kind, ulong seed, bool poison)
    {
        var directory = MemoryDir.Value(parse);
        return new GuestOptions
        {
            Kind = kind,
            MemoryBytes = Memory.Value(parse),
            Vcpus = Vcpus.Value(parse),
            DirtyBytesPerSecond = Dirty.Value(parse),
            Pattern = Pattern.Value(parse),
            WorkingSetBytes = Math.Min(WorkingSet.Value(parse), Memory.Value(parse)),
            DriftBytesPerSecond = Drift.Value(parse),
            Phases = Phases.Value(parse) ?? [],
            Write = Write.Value(parse),
            Content = Content.Value(parse),
            Replay = Replay.Value(parse) is { } file ? TraceFile.Read(file) : null,
            Fill = Fill.Value(parse),
            Seed = seed,
            DeviceStateBytes = DeviceState.Value(parse),
            DeviceSaveTime = DeviceSaveTime.Value(parse),
            DeviceLoadTime = DeviceLoadTime.Value(parse),
            DeviceSurprise = DeviceSurprise.Value(parse),
            MemoryFile = directory is null ? null : Path.Combine(directory, side == MigrationSide.Source ? "source.ram" : "destination.ram"),
            // A file of an earlier run may hold the very pages that are to come, so a comparison with it could not fail.
            Poison = poison || directory is not null,
        };
    }
}
