using System.CommandLine;
using DataPlane.Cli.Units;
using DataPlane.Guests;
using DataPlane.Options;

namespace DataPlane.Cli.Options;

/// <summary>What only a destination can be asked.</summary>
internal sealed class ReceiveOptionSet
{
    /// <summary>Room for the state of the vCPUs beside that of the device; one takes a few KiB.</summary>
    private const long StateOfVcpus = 1L << 20;

    private static readonly TimeSpan _longestRun = TimeSpan.FromDays(365);

    public ValueOption<MigrationAddress> Listen { get; } = new(
        "--listen", "ADDR", null, "Where to listen: tcp:HOST:PORT, tcp:[IPV6]:PORT or unix:PATH. Port 0 picks one; the address in effect is printed.",
        "an ADDR such as tcp:0.0.0.0:4444, tcp:[::]:4444 or unix:PATH of at most 107 bytes", Readers.Address)
    { Required = true };

    public FlagOption KeepListening { get; } = new("--keep-listening", "Take one guest after another, each stopped after --run-for, 1s unless given.");

    public FlagOption Poison { get; } = new("--poison", "Write a known pattern to every page first, so that a comparison can fail.");

    /// <summary>For the process that started this one and holds its standard input: the only end it hears of.</summary>
    public FlagOption Attached { get; } = new("--attached", "Stop when standard input ends, and report the guest as JSON on standard output.")
    { Hidden = true };

    public static FlagOption NewPopulate() => new("--populate", "Set up the destination's page tables before the stream; counts as setup.");

    public static ValueOption<TimeSpan?> NewRunFor(string? defaultText) => new(
        "--run-for", "TIME", defaultText, "How long the guest runs on at the destination before it is stopped and its invariant checked.",
        Duration.Form, Readers.Or("forever", Readers.Time(default, _longestRun)));

    /// <summary>How a destination takes <paramref name="guest"/>.</summary>
    public static MigrationDestinationOptions Read(
        ParseResult parse, GuestOptions guest, FlagOption populate, CommonOptionSet common, HandoverOptionSet handover, Action<string> log) => new()
    {
        Memory = guest.Poison ? DestinationMemory.Populated : DestinationMemory.Fresh,
        MaxDeviceStateBytes = Math.Max(new MigrationDestinationOptions().MaxDeviceStateBytes, guest.DeviceStateBytes + StateOfVcpus),
        Populate = populate.Value(parse),
        Congestion = common.Congestion.Value(parse),
        Retain = common.Retain.Value(parse),
        HandoverTimeout = handover.Timeout.Value(parse),
        Journal = handover.ReadJournal(parse),
        JournalSync = handover.JournalSync.Value(parse),
        Arbiter = handover.ReadArbiter(parse),
        Log = log,
    };
}
