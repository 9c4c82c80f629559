using System.CommandLine;
using System.Text.Json;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane receive</c>: the destination.</summary>
internal sealed class ReceiveCommand
{
    private static readonly TimeSpan _runForBetweenGuests = TimeSpan.FromSeconds(1);

    private readonly ReceiveOptionSet _receive = new();
    private readonly FlagOption _populate = ReceiveOptionSet.NewPopulate();
    private readonly ValueOption<TimeSpan?> _runFor = ReceiveOptionSet.NewRunFor(null);
    private readonly GuestOptionSet _guest = new(MigrationSide.Destination);
    private readonly HandoverOptionSet _handover = new();
    private readonly CommonOptionSet _common = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("receive", "Wait for a source, take its guest and let it run on here.")
            { _receive.Listen, _receive.KeepListening, _runFor, _receive.Poison, _populate, _receive.Attached }
            .With(_guest.All).With(_handover.All).With(_common.All);
        var runner = new SessionRunner(streams, _common, _guest, MigrationSide.Destination);
        command.SetAction((parse, _) => runner.RunAsync(parse, _receive.Attached.Value(parse), RunAsync));
        return command;
    }

    private async Task<int> RunAsync(MigrationSession session)
    {
        var parse = session.Parse;
        if (_receive.Attached.Value(parse)) ParentWatch.Start(session.Interrupts);
        var guest = _guest.Read(parse, MigrationSide.Destination, session.Guest.Kind, session.Seed, _receive.Poison.Value(parse));
        var options = ReceiveOptionSet.Read(parse, guest, _populate, _common, _handover, session.Display.Note);
        session.NoteGuest(MigrationSession.MachineWords(guest) + "; what it holds and writes comes with it");
        var several = _receive.KeepListening.Value(parse);
        var runFor = _runFor.Value(parse) ?? (several ? _runForBetweenGuests : null);
        using var listener = MigrationListener.Bind(_receive.Listen.Value(parse));
        int? code = null;
        do
        {
            using var destination = await DestinationRun.PrepareAsync(session, guest);
            session.Display.Say(DestinationProcess.ListeningOn + listener.Address);
            var outcome = await destination.TakeAsync(listener, options, runFor);
            // Ctrl-C is how a destination that waits for more is ended; then the last guest's outcome stands.
            if (code is not null && outcome.Result.Status == MigrationStatus.Cancelled && session.Interrupts.Happened) break;
            code = Tell(session, outcome);
        }
        while (several && !session.Interrupts.Happened);
        return code.Value;
    }

    private int Tell(MigrationSession session, DestinationOutcome outcome)
    {
        var attached = _receive.Attached.Value(session.Parse);
        if (attached)
        {
            var report = new DestinationReport(outcome.Result.Status.ToString(), outcome.Result.Error?.Message, outcome.Guest);
            session.Out.WriteLine(JsonSerializer.Serialize(report, DestinationReportJson.Default.DestinationReport));
        }
        return new Ending(session, MigrationSide.Destination).Tell(
            outcome.Result, [.. DemoProof.FaultsAtDestination(outcome.Guest, dirties: false)], writer =>
            {
                if (attached) return;
                Summary.Write(writer, outcome.Result);
                if (outcome.Guest is not null) Summary.WriteDestinationGuest(writer, outcome.Guest);
            });
    }
}
