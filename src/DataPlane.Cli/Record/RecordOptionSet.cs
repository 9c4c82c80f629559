using System.CommandLine;
using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Guests.Recording;

namespace DataPlane.Cli.Record;

/// <summary>The options of <c>record</c>: what, how often, for how long, and where to.</summary>
internal sealed class RecordOptionSet
{
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(1);

    public ValueOption<string> Out { get; } = new("--out", "FILE", null, "Where the trace goes.", "a FILE that can be written", Readers.File) { Required = true };

    public ValueOption<TimeSpan> Interval { get; } = new(
        "--interval", "TIME", "100ms", "How often written pages are read: what is written twice in between counts once.", Duration.Form + ", from 1ms to 1h", Readers.Time(_least, TimeSpan.FromHours(1)));

    public ValueOption<TimeSpan> Time { get; } = new(
        "--duration", "TIME", "30s", "For how long; Ctrl-C ends it earlier, with a whole file.", Duration.Form + ", from 1ms to 24h", Readers.Time(_least, TimeSpan.FromDays(1)));

    public ValueOption<int?> Pid { get; } = new(
        "--pid", "PID", null, "Record memory of that process instead of a guest of this program, by comparing its contents.", "the number of a process", ReadPid);

    public ValueOption<ulong?> Mapping { get; } = new(
        "--mapping", "ADDRESS", null, "With --pid: the mapping that holds this address; without it, the largest that can be written.", "an ADDRESS in hexadecimal, as /proc/PID/maps has it", ReadAddress);

    public ValueOption<string> DirtySource { get; } = new(
        "--dirty-source", string.Join('|', DirtySourceNames.All), DirtySourceNames.Auto, "How written pages of a guest are found.",
        "one of " + string.Join(", ", DirtySourceNames.All), Readers.OneOf([.. DirtySourceNames.All]));

    public GuestOptionSet Guest { get; } = new(MigrationSide.Source);

    public ValueOption<string?> Json { get; } = CommonOptionSet.NewJson();

    public ValueOption<ProgressMode> Progress { get; } = new CommonOptionSet().Progress;

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All =>
    [
        Out, Interval, Time, Pid, Mapping, Guest.Guest, Guest.Memory, Guest.Vcpus, Guest.Dirty, Guest.Pattern, Guest.WorkingSet, Guest.Drift, Guest.Phases, Guest.Write, Guest.Content,
        Guest.Replay, Guest.Fill, Guest.Seed, DirtySource, Json, Progress,
    ];

    /// <summary>The mapping asked for. Throws <see cref="UsageException"/> where there is none.</summary>
    public ProcessMapping ReadMapping(ParseResult parse, int pid)
    {
        var all = Mappings(pid);
        var address = Mapping.Value(parse);
        var found = address is null ? all.MaxBy(mapping => mapping.Length) : all.FirstOrDefault(mapping => mapping.Start <= address && address < mapping.End);
        return found ?? throw new UsageException(address is null ? $"--pid '{pid}': that process maps no memory that it can write"
            : string.Create(CultureInfo.InvariantCulture, $"--mapping '{address:x}': process {pid} maps nothing there that it can write; /proc/{pid}/maps lists what it maps"));
    }

    private static IReadOnlyList<ProcessMapping> Mappings(int pid)
    {
        try
        {
            return ProcessMapping.Of(pid);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--pid '{pid}': expected a process of this user, or of any as root ({(fault is DirectoryNotFoundException or FileNotFoundException ? "there is none of that number" : "this user may not")})");
        }
    }

    private static bool ReadPid(string text, out int? pid)
    {
        var read = Readers.Int(1, int.MaxValue)(text, out var number);
        pid = number;
        return read;
    }

    private static bool ReadAddress(string text, out ulong? address)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        var read = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        address = value;
        return read;
    }
}
