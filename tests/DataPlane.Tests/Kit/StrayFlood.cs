using System.Net.Sockets;
using System.Text;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Kit;

/// <summary>
/// Connections that are no part of any migration, one after another from threads of their own: noise, half preambles, silence, resets, sources
/// with a garbled hello, browsers, TLS. Those that keep silent stay open until many more have come.
/// </summary>
internal sealed class StrayFlood
{
    /// <summary>Kinds of strays; number <c>i</c> is of kind <c>i % Kinds</c>.</summary>
    public const int Kinds = 8;

    /// <summary>Open at most, per thread; the oldest is closed then. More than a destination holds.</summary>
    private const int MostOpen = 700;

    private readonly MigrationAddress _to;
    private readonly Thread[] _threads;
    private int _next;
    private readonly int _count;

    private StrayFlood(MigrationAddress to, int count)
    {
        (_to, _count) = (to, count);
        _threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Run) { IsBackground = true, Name = "strays" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Strays that could not even connect.</summary>
    public int Failed { get; private set; }

    /// <summary>Begins with <paramref name="count"/> of them.</summary>
    public static StrayFlood Start(MigrationAddress to, int count) => new(to, count);

    /// <summary>Waits until all have been there. Those that are open then are closed.</summary>
    public void Join()
    {
        foreach (var thread in _threads)
            if (!thread.Join(TimeSpan.FromSeconds(90))) throw new TimeoutException($"{_next} of {_count} strays have connected.");
    }

    private void Run()
    {
        var open = new Queue<Socket>();
        for (int number; (number = Interlocked.Increment(ref _next) - 1) < _count;)
        {
            try
            {
                var socket = Caller.Say(_to, Words(number));
                if (number % Kinds == 3) socket.Close(0); // A reset.
                else open.Enqueue(socket);
            }
            catch (SocketException)
            {
                lock (_threads) Failed++;
            }
            if (open.Count > MostOpen) open.Dequeue().Dispose();
        }
        foreach (var socket in open) socket.Dispose();
    }

    private static ReadOnlySpan<byte> Words(int number)
    {
        var random = new Random(number);
        var preamble = new byte[Preamble.Size];
        var role = (number & 8) == 0 ? ConnectionRole.Control : ConnectionRole.Data;
        new Preamble(role, 0, 1, 1, Guid.NewGuid(), role == ConnectionRole.Data ? 5u : 0u).Write(preamble);
        switch (number % Kinds)
        {
            case 0:
                var noise = new byte[random.Next(1, 3000)];
                random.NextBytes(noise);
                return noise;
            case 1: return preamble.AsSpan(0, random.Next(1, Preamble.Size));
            case 2 or 3: return [];
            case 4:
                var garbled = new byte[random.Next(1, 3000)];
                random.NextBytes(garbled);
                return (byte[])[.. preamble, .. garbled];
            case 5: return Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: example.invalid\r\nUser-Agent: some browser\r\nAccept: */*\r\n\r\n");
            case 6: return (byte[])[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. Enumerable.Range(0, 500).Select(i => (byte)i)];
            default: // A source that announces a long hello and sends a little of it.
                var header = new byte[ControlHeader.Size + 100];
                ControlHeader.Write(header, ControlMessageType.Hello, new byte[10_000]);
                return (byte[])[.. preamble, .. header];
        }
    }
}
