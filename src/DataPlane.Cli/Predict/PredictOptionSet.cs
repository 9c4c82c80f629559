using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Predict;

/// <summary>The options of <c>predict</c>: those of <c>send</c> that say what the guest is and how it is sent, and where measurements come from.</summary>
internal sealed class PredictOptionSet
{
    private readonly GuestOptionSet _guest = new(MigrationSide.Source);
    private readonly StreamOptionSet _stream = new("digest");

    public ValueOption<string?> From { get; } = new(
        "--from", "FILE|URL", null, "Take guest, link and prices from the result document of an earlier migration, or from the metrics of one under way.",
        "a FILE with a result document, or a URL as http://HOST:PORT/metrics, of no other scheme", ReadSource!);

    public ValueOption<string?> Trace { get; } = new(
        "--trace", "FILE", null, "The guest writes what was recorded there, again and again.", "a FILE with a dirty trace", Readers.File!);

    public ValueOption<string> Link { get; } = new(
        "--link", "RATE|FILE", "10Gbit/s", "What the link is sold as, or a FILE with what 'link client --json' measured.",
        ByteRate.Form + ", or a FILE with a result of 'link client'", Readers.File);

    public ValueOption<TimeSpan?> RoundTrip { get; } = new(
        "--round-trip", "TIME", "auto", "From a message to its answer; auto: as measured, or 200us.", Duration.Form + ", at most 10s, or auto",
        Readers.Or("auto", Readers.Time(default, TimeSpan.FromSeconds(10))));

    public FlagOption OneHost { get; } = new("--one-host", "Both sides run on one host and share its cores.");

    public ValueOption<int?> Cores { get; } = new(
        "--cores", "N|auto", "auto", "Cores that the channels may use, on either side; auto: those allowed here.", "auto or a number from 1 to 4096", Readers.Or("auto", Readers.Int(1, 4096)));

    public ValueOption<double?> Zero { get; } = new(
        "--zero", "PERCENT", "as --fill has it", "Share of the memory that is zero pages.", Percent.ShareForm, ReadShare);

    public ValueOption<double?> Compressible { get; } = new(
        "--compressible", "PERCENT", "as --fill has it", "Share of the memory that a codec makes smaller, as text; what is neither is noise.", Percent.ShareForm, ReadShare);

    public ValueOption<string?> Json { get; } = CommonOptionSet.NewJson();

    public ValueOption<long> Memory => _guest.Memory;

    public ValueOption<DataPlane.Guests.MemoryFill> Fill => _guest.Fill;

    public ValueOption<long> Dirty => _guest.Dirty;

    public ValueOption<DataPlane.Guests.DirtyPattern> Pattern => _guest.Pattern;

    public ValueOption<long> WorkingSet => _guest.WorkingSet;

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All =>
    [
        From, Trace, Memory, _guest.Vcpus, Dirty, Pattern, WorkingSet, Fill, Zero, Compressible,
        _guest.DeviceState, _guest.DeviceSaveTime, _guest.DeviceLoadTime,
        Link, RoundTrip, OneHost, Cores, _stream.DirtySource, _stream.Channels, _stream.Compression, _stream.CompressThreads, _stream.Integrity, _stream.MaxBandwidth,
        _stream.AvailSwitchoverBandwidth, _stream.DowntimeLimit, _stream.SwitchoverLimit, _stream.Timeout, _stream.OnTimeout, _stream.OnStall, Json,
    ];

    /// <summary>How it would be sent.</summary>
    public MigrationOptions ReadMigration(ParseResult parse) => new()
    {
        Channels = _stream.Channels.Value(parse),
        Compression = _stream.Compression.Value(parse),
        CompressThreads = _stream.CompressThreads.Value(parse),
        Integrity = _stream.Integrity.Value(parse),
        MaxBytesPerSecond = _stream.MaxBandwidth.Value(parse),
        AvailSwitchoverBytesPerSecond = _stream.AvailSwitchoverBandwidth.Value(parse),
        DowntimeLimit = _stream.DowntimeLimit.Value(parse),
        SwitchoverLimit = _stream.SwitchoverLimit.Value(parse),
        Timeout = _stream.Timeout.Value(parse),
        OnTimeout = _stream.OnTimeout.Value(parse),
        OnStall = _stream.OnStall.Value(parse),
    };

    /// <summary>The guest with what was given on the command line, and what stays as it was; with all of the defaults where nothing else is known.</summary>
    public PredictGuest ReadGuest(ParseResult parse, PredictGuest known, bool isKnown)
    {
        var (zero, compressible) = Shares(parse, known, isKnown);
        return known with
        {
            MemoryBytes = Counts(parse, Memory, isKnown) ? Memory.Value(parse) : known.MemoryBytes,
            ZeroShare = zero,
            CompressibleShare = compressible,
            Vcpus = _guest.Vcpus.Value(parse),
            DirtyBytesPerSecond = Counts(parse, Dirty, isKnown) ? Dirty.Value(parse) : known.DirtyBytesPerSecond,
            Pattern = Counts(parse, Pattern, isKnown) ? Enum.Parse<PredictPattern>(Pattern.Value(parse).ToString())
                : Given(parse, WorkingSet) ? PredictPattern.HotCold : known.Pattern,
            WorkingSetBytes = Counts(parse, WorkingSet, isKnown) ? WorkingSet.Value(parse) : known.WorkingSetBytes,
            RearmsWhenSent = _stream.DirtySource.Value(parse) != DataPlane.Guests.DirtySourceNames.Explicit,
            DeviceStateBytes = Counts(parse, _guest.DeviceState, isKnown) ? _guest.DeviceState.Value(parse) : known.DeviceStateBytes,
            DeviceSaveTime = Counts(parse, _guest.DeviceSaveTime, isKnown) ? _guest.DeviceSaveTime.Value(parse) : known.DeviceSaveTime,
            DeviceLoadTime = Counts(parse, _guest.DeviceLoadTime, isKnown) ? _guest.DeviceLoadTime.Value(parse) : known.DeviceLoadTime,
        };
    }

    public static bool Given(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    private static bool Counts(ParseResult parse, Option option, bool isKnown) => !isKnown || Given(parse, option);

    private (double Zero, double Compressible) Shares(ParseResult parse, PredictGuest known, bool isKnown)
    {
        var (zero, compressible) = isKnown && !Given(parse, Fill) ? (known.ZeroShare, known.CompressibleShare) : Fill.Value(parse) switch
        {
            DataPlane.Guests.MemoryFill.Zero => (1, 0),
            DataPlane.Guests.MemoryFill.Random => (0, 0),
            DataPlane.Guests.MemoryFill.Text => (0, 1),
            _ => (0.25, 0.5),
        };
        // Where only one of them is given the other gives way.
        if (Zero.Value(parse) is { } z) (zero, compressible) = (z / 100, Math.Min(compressible, 1 - (z / 100)));
        if (Compressible.Value(parse) is { } c) (zero, compressible) = (Zero.Value(parse) is null ? Math.Min(zero, 1 - (c / 100)) : zero, c / 100);
        return (zero, compressible);
    }

    private static bool ReadSource(string text, out string value) =>
        Readers.File(text, out value) || PredictSources.IsMetrics(text);

    private static bool ReadShare(string text, out double? percent)
    {
        percent = null;
        return text == "as --fill has it" || (Percent.TryParse(text, out percent) && percent <= 100);
    }
}
