using System.Buffers;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;

namespace DataPlane.Fuzz.Recording;

/// <summary>Records sessions: runs a real source and a real destination with a tap on every connection.</summary>
internal static class Recorder
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task<RecordedSession> RecordAsync(RecordingPlan plan)
    {
        using var guest = new SmallGuest();
        var tapes = new List<(int Connection, bool FromSource, ArrayBufferWriter<byte> Tape)>();
        var (sent, received) = await MigrateAsync(guest, new SmallHost(), plan, TimeSpan.FromSeconds(20), (number, fromSource) =>
        {
            var tape = new ArrayBufferWriter<byte>();
            lock (tapes) tapes.Add((number, fromSource, tape));
            return chunk =>
            {
                tape.Write(chunk.Span);
                return chunk;
            };
        });
        if ((sent.Status, received.Status) != (MigrationStatus.Completed, MigrationStatus.Completed))
            throw new InvalidOperationException($"The migration to be recorded failed: {sent.Error?.Message} {received.Error?.Message}");
        return new RecordedSession
        {
            Plan = plan,
            Control = Tape(0, fromSource: true),
            Return = Tape(0, fromSource: false),
            Data = [.. Enumerable.Range(1, plan.Channels).Select(connection => Tape(connection, fromSource: true))],
            Memory = guest.Contents(),
        };

        byte[] Tape(int connection, bool fromSource) =>
            tapes.Single(tape => (tape.Connection, tape.FromSource) == (connection, fromSource)).Tape.WrittenSpan.ToArray();
    }

    /// <summary>Migrates the small guest through a relay with <paramref name="tap"/>; both results.</summary>
    public static async Task<(MigrationResult Sent, MigrationResult Received)> MigrateAsync(
        SmallGuest guest, SmallHost host, RecordingPlan plan, TimeSpan patience, Func<int, bool, Tap> tap, GuardedMemory? memory = null)
    {
        using var own = memory is null ? new GuardedMemory(SmallGuest.Blocks) : null;
        using var listener = MigrationListener.Bind(ParseUnix(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
        using var end = new CancellationTokenSource();
        await using var relay = new TapRelay(listener.Address, tap);
        var destination = new MigrationDestination((memory ?? own)!.Memory, host, new MigrationDestinationOptions { HandshakeTimeout = patience, IdleTimeout = patience, HandoverTimeout = patience, Journal = "" });
        var source = new MigrationSource(guest.Memory, guest.Dirty, guest.Host, new MigrationOptions
        {
            Channels = plan.Channels,
            Compression = plan.Compression,
            Integrity = plan.Integrity,
            Verify = plan.Verify,
            HandshakeTimeout = patience,
            IdleTimeout = patience,
            HandoverTimeout = patience,
            Journal = "",
        });
        var receiving = destination.RunAsync(listener, end.Token);
        var sent = await source.RunAsync(relay.Address, CancellationToken.None).WaitAsync(Bound);
        if (!receiving.IsCompleted && destination.Progress.Status == MigrationStatus.Setup) await end.CancelAsync();
        return (sent, await receiving.WaitAsync(Bound));
    }

    private static MigrationAddress ParseUnix(string path) =>
        MigrationAddress.TryParse("unix:" + path, out var address, out var fault) ? address! : throw new InvalidOperationException(fault);
}
