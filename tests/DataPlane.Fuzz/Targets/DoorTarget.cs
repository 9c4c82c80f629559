using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Fuzz.Mutation;
using DataPlane.Fuzz.Recording;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;

namespace DataPlane.Fuzz.Targets;

/// <summary>
/// Connections to a listening destination that begin with a changed preamble and hello. Each is answered or closed within a bound, and the
/// destination goes on waiting for a source.
/// </summary>
internal sealed class DoorTarget : IFuzzTarget
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly GuardedMemory _memory = new(SmallGuest.Blocks);
    private readonly MigrationListener _listener;
    private readonly MigrationDestination _destination;
    private readonly CancellationTokenSource _end = new();
    private readonly Task<MigrationResult> _waiting;
    private readonly byte[][] _openings;

    public DoorTarget()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (!MigrationAddress.TryParse("unix:" + path, out var address, out var fault)) throw new InvalidOperationException(fault);
        _listener = MigrationListener.Bind(address!);
        _destination = new MigrationDestination(_memory.Memory, new SmallHost(), new MigrationDestinationOptions { HandshakeTimeout = TimeSpan.FromSeconds(2) });
        _waiting = _destination.RunAsync(_listener, _end.Token);
        var control = Recordings.Whole.Control;
        var hello = MessageList.Parse(Recordings.Whole.Messages).Items[0];
        _openings = [[.. control[..Preamble.Size], .. hello.Header, .. hello.Payload], Recordings.Whole.Data[0][..Preamble.Size]];
    }

    public string Name => "door";

    public byte[] Make(Random random)
    {
        var opening = _openings[random.Next(8) == 0 ? 1 : 0];
        if (random.Next(4) == 0 || opening.Length == Preamble.Size) return ByteMutations.Apply(opening, random);
        return [.. opening[..Preamble.Size], .. MessageMutations.Apply(opening[Preamble.Size..], Recordings.Whole.Messages, random)];
    }

    public async Task RunAsync(byte[] input)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_listener.Address.Path!));
        using var limit = new CancellationTokenSource(Bound);
        try
        {
            _ = await socket.SendAsync(input, limit.Token);
            socket.Shutdown(SocketShutdown.Send);
            var answer = new byte[4096];
            while (await socket.ReceiveAsync(answer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Closed before it had heard everything: an answer as well.
        }
        catch (OperationCanceledException)
        {
            throw new FuzzFault($"A connection was neither answered nor closed within {Bound.TotalSeconds} s.");
        }
        if (_waiting.IsCompleted || _destination.Progress.Status != MigrationStatus.Setup)
            throw new FuzzFault($"The destination waits no more for a source: it is {_destination.Progress.Status}.");
    }

    public void Dispose()
    {
        _end.Cancel();
        _ = _waiting.Wait(Bound);
        _end.Dispose();
        _listener.Dispose();
        _memory.Dispose();
    }
}
