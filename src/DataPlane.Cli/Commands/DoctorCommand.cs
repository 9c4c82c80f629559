using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Doctor;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Commands;

/// <summary>
/// <c>dataplane doctor</c>: what of this host, and of another and the way there, helps or hinders a migration, and what mends it. Changes nothing and needs no privilege.
/// </summary>
internal sealed class DoctorCommand
{
    private readonly DoctorOptionSet _options = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("doctor", "Check what of this host, and of another and the way there, helps or hinders a migration: what is missing, what it means, what mends it.")
            .With(_options.All);
        command.SetAction((parse, _) => RunAsync(parse, streams));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, ProgramStreams streams)
    {
        try
        {
            var (peer, listen, once) = _options.Read(parse);
            return listen is null ? await ExamineAsync(_options.Json.Value(parse), peer, streams) : await AnswerAsync(listen, once, streams);
        }
        catch (UsageException wrong)
        {
            streams.Error.WriteLine($"dataplane doctor: {wrong.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
    }

    private static async Task<int> ExamineAsync(string? path, MigrationAddress? peer, ProgramStreams streams)
    {
        using var json = new JsonOutput(path, streams.Out);
        var checks = Examination.Run();
        var report = DoctorReport.Of(checks);
        if (!json.TakesStandardOutput) DoctorText.Write(streams.Out, checks);
        if (peer is not null)
        {
            try
            {
                var found = await PeerExamination.RunAsync(peer, checks, CancellationToken.None);
                report = report.With(found);
                if (!json.TakesStandardOutput) DoctorText.Write(streams.Out, checks, found);
            }
            catch (PeerException fault)
            {
                _ = json.TryWrite(report.With(peer.ToString(), fault).ToJson(), Say);
                streams.Error.WriteLine($"dataplane doctor: peer, {fault.Step}: {fault.Message.ReplaceLineEndings(" ")}");
                return fault.Code;
            }
        }
        return json.TryWrite(report.ToJson(), Say) && report.CanMigrate ? ExitCodes.Completed : ExitCodes.LackOfResources;

        void Say(string line) => streams.Error.WriteLine($"dataplane doctor: {line}");
    }

    private static async Task<int> AnswerAsync(MigrationAddress listen, bool once, ProgramStreams streams)
    {
        using var interrupts = new Interrupts(leaveCtrlC: false, () => Say("interrupted: ending; once more to quit at once"));
        try
        {
            using var listener = PeerServer.Listen(IPAddress.Parse(listen.Host!), listen.Port);
            var at = (IPEndPoint)listener.LocalEndPoint!;
            Say($"{DestinationProcess.ListeningOn}tcp:{at}");
            using var server = new PeerServer(listener, Examination.Run, Say);
            await server.RunAsync(once, interrupts.Token);
            return interrupts.Happened ? ExitCodes.Interrupted : ExitCodes.Completed;
        }
        catch (SocketException refused)
        {
            Say($"dataplane doctor: listen: {listen} cannot be listened on: {refused.Message}.");
            return ExitCodes.CannotConnect;
        }

        void Say(string line)
        {
            lock (streams) streams.Error.WriteLine(line);
        }
    }
}
