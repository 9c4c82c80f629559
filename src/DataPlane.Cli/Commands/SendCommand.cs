using System.CommandLine;
using DataPlane.Cli.Demo;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane send</c>: the source.</summary>
internal sealed class SendCommand
{
    private readonly ValueOption<MigrationAddress> _to = new(
        "--to", "ADDR", null, "The destination: tcp:HOST:PORT, tcp:[IPV6]:PORT or unix:PATH.", "an ADDR such as tcp:192.0.2.7:4444, tcp:[2001:db8::7]:4444 or unix:PATH of at most 107 bytes", Readers.Address)
    { Required = true };

    private readonly GuestOptionSet _guest = new(MigrationSide.Source);
    private readonly StreamOptionSet _stream = new("digest");
    private readonly HandoverOptionSet _handover = new();
    private readonly CommonOptionSet _common = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("send", "Start a guest and live-migrate it to a waiting destination.") { _to }
            .With(_guest.All).With(_stream.All).With(_handover.All).With(_common.All);
        var runner = new SessionRunner(streams, _common, _guest, MigrationSide.Source);
        command.SetAction((parse, _) => runner.RunAsync(parse, leaveCtrlC: false, RunAsync));
        return command;
    }

    private async Task<int> RunAsync(MigrationSession session)
    {
        var parse = session.Parse;
        var options = _guest.Read(parse, MigrationSide.Source, session.Guest.Kind, session.Seed, poison: false)
            with { DirtySource = _stream.DirtySource.Value(parse) };
        if (_to.Value(parse).Path is not null && _stream.Bind.Values(parse).Count > 0)
            throw new UsageException("--bind: a UNIX socket has no local address; leave it out, or send to a tcp: address.");
        var migration = _stream.Read(parse, _common, _handover, session.Display.Note);
        session.NoteGuest(session.GuestWords(options));
        using var source = await SourceRun.PrepareAsync(session, options);
        var outcome = await source.MigrateAsync(_to.Value(parse), options.DirtySource, migration, _guest.Settle.Value(parse));
        return new Ending(session, MigrationSide.Source).Tell(outcome.Result, [.. DemoProof.FaultsAtSource(outcome)], writer =>
        {
            Summary.Write(writer, outcome.Result);
            Summary.WriteSourceGuest(writer, outcome);
            Summary.WriteGuestWork(writer, outcome.Result.GuestWork);
        });
    }
}
