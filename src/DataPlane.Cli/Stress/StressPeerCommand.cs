using System.CommandLine;
using DataPlane.Cli.Commands;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;
using DataPlane.Cli.Stress.Peers;
using DataPlane.Core.Errors;

namespace DataPlane.Cli.Stress;

/// <summary>One side of a stress' runs: told what to do over standard input. Started by <c>dataplane stress</c>, and by nobody else.</summary>
internal sealed class StressPeerCommand
{
    public const string Name = "stress-peer";

    public const string HereName = "--here";

    private readonly FlagOption _here = new(HereName, "The guest begins here.");
    private readonly RunOptionSet _run = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command(Name, "One side of the runs of stress.") { _here, _run.Guest.Seed }.With(_run.OfPeers);
        command.Hidden = true;
        var runner = new SessionRunner(streams, _run.Common, _run.Guest, MigrationSide.Source);
        command.SetAction((parse, _) => runner.RunAsync(parse, leaveCtrlC: true, RunAsync));
        return command;
    }

    private async Task<int> RunAsync(MigrationSession session)
    {
        using var orders = new PeerOrders(Console.In, session.Interrupts);
        orders.Start();
        using var peer = await StressPeer.MakeAsync(session, new RunSettings(_run, session.Parse), orders, _here.Value(session.Parse));
        await peer.ServeAsync();
        return ExitCodes.Completed;
    }
}
