using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Sessions;
using Xunit;
using static DataPlane.Results.MigrationStatus;

namespace DataPlane.Tests.Switchover;

/// <summary>Every move that there is, and that each of the others is an error by name.</summary>
public sealed class StatusMachineTests
{
    private static readonly HashSet<(MigrationStatus From, MigrationStatus To)> Moves =
    [
        (None, Setup), (None, Cancelling), (None, Cancelled), (None, Failed),
        (Setup, Active), (Setup, Cancelling), (Setup, Cancelled), (Setup, Failed),
        (Active, PreSwitchover), (Active, Device), (Active, Cancelling), (Active, Cancelled), (Active, Failed),
        (PreSwitchover, Device), (PreSwitchover, Cancelling), (PreSwitchover, Cancelled), (PreSwitchover, Failed),
        (Device, Completed), (Device, Uncertain), (Device, Cancelling), (Device, Cancelled), (Device, Failed),
        (Cancelling, Cancelled), (Cancelling, Failed),
        (Uncertain, Completed), (Uncertain, Cancelling), (Uncertain, Cancelled), (Uncertain, Failed),
    ];

    [Fact]
    public void Exactly_these_moves_exist()
    {
        foreach (var from in Enum.GetValues<MigrationStatus>())
            foreach (var to in Enum.GetValues<MigrationStatus>())
                Assert.True(Moves.Contains((from, to)) == StatusMachine.IsLegal(from, to), $"{from} -> {to}");
    }

    [Fact]
    public void Another_move_names_both_ends_and_changes_nothing()
    {
        var machine = new StatusMachine(MigrationSide.Destination);
        var seen = new List<(MigrationStatus, MigrationStatus)>();
        machine.Moved = (from, to) => seen.Add((from, to));
        machine.Move(Setup);
        var error = Assert.Throws<MigrationException>(() => machine.Move(PreSwitchover)).Error;
        Assert.Equal((MigrationErrorCode.IllegalTransition, MigrationSide.Destination), (error.Code, error.Side));
        Assert.Equal("A migration that is 'setup' cannot become 'pre-switchover'.", error.Message);
        Assert.Equal(Setup, machine.Current);
        Assert.Equal([(None, Setup)], seen);
    }
}
