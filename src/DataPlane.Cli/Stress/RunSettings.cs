using System.CommandLine;
using DataPlane.Cli.Commands;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Tools.Shaping;
using DataPlane.Tools.Stress;

namespace DataPlane.Cli.Stress;

/// <summary>What the options of one run mean, read from a command line that has them.</summary>
internal sealed class RunSettings(RunOptionSet set, ParseResult parse)
{
    public TimeSpan Settle => set.Guest.Settle.Value(parse);

    public TimeSpan RunFor => set.RunFor.Value(parse);

    public string DirtySource => set.Stream.DirtySource.Value(parse);

    public StressExpectation Expected => set.Expect.Value(parse);

    public bool Dirties => set.Guest.Dirty.Value(parse) > 0;

    public long MemoryBytes => set.Guest.Memory.Value(parse);

    public bool KeepsMemory => set.Guest.MemoryDir.Value(parse) is not null;

    /// <summary>Reads the options of <paramref name="one"/>, each of which was accepted by its reader before.</summary>
    public static RunSettings Of(StressCase one)
    {
        var set = new RunOptionSet();
        var command = new Command("run").With(set.All);
        return new RunSettings(set, command.Parse([.. RunOptionSet.Arguments(one.Options, set.All)], new ParserConfiguration { ResponseFileTokenReplacer = null }));
    }

    public GuestOptions Guest(MigrationSide side, GuestKind kind, ulong seed) =>
        set.Guest.Read(parse, side, kind, seed, poison: side == MigrationSide.Destination) with { DirtySource = DirtySource };

    public MigrationOptions Migration(Action<string> log) => set.Stream.Read(parse, set.Common, set.Handover, log);

    public MigrationDestinationOptions Destination(GuestKind kind, ulong seed, Action<string> log) =>
        ReceiveOptionSet.Read(parse, Guest(MigrationSide.Destination, kind, seed), set.Populate, set.Common, set.Handover, log);

    public LinkShape Link(ulong seed) => set.Link.Read(parse, seed);

    /// <summary>Everything that cannot be had together; empty when a run can begin.</summary>
    public IReadOnlyList<string> Faults()
    {
        try
        {
            var kind = GuestChoice.Make(set.Guest.Guest.Value(parse), MigrationSide.Source).Kind;
            return
            [
                .. Guest(MigrationSide.Source, kind, 0).Validate(), .. Migration(_ => { }).Validate(), .. Destination(kind, 0, _ => { }).Validate(), .. Link(0).Validate(),
            ];
        }
        catch (UsageException wrong)
        {
            return [wrong.Message];
        }
    }
}
