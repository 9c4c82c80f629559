using System.Text;
using DataPlane.Peer;
using Xunit;

namespace DataPlane.Tests.Soak;

/// <summary>What the two processes held after each move.</summary>
/// <remarks>
/// Of memory the least of 20 moves is compared, as buffers that pools keep or give back come and go (12 MB of them). Tolerances, from up to
/// 400 moves of each guest on two cores with 30 to 80 others waiting for them: 6 threads more, as the pool adds some when it starves; 1.8 MiB
/// more objects, a pooled buffer and 0.14 MiB for each of those threads; 9 MiB more memory of its own, the same, a MiB for each thread and what
/// the allocator keeps. What a migration leaks is multiplied by 160: any descriptor, a thread in 13 moves, 20 KiB of objects or 100 KiB of
/// memory a move are found.
/// </remarks>
internal sealed class Weights
{
    /// <summary>Moves of each window; whatever the test varies has to come round in them.</summary>
    public const int Window = 20;

    /// <summary>Where the windows begin: when everything has been used once, and at the end.</summary>
    private const int Early = 20, Late = 180;

    private const int MoreThreads = 12;
    private const long MoreManaged = 3L << 20, MoreOwn = 16L << 20;

    private readonly List<PeerHoldings[]> _moves = [];

    public void Add(PeerHoldings[] ofBoth) => _moves.Add(ofBoth);

    /// <summary>After any number of moves: no channel is left, no descriptor comes to those of the first four, and shared memory is the guest.</summary>
    public void AssertTidy(long guestBytes)
    {
        var most = Held(0, 4).Max(held => held.Descriptors);
        foreach (var held in Held(0, _moves.Count))
        {
            Assert.Equal(0, held.ChannelThreads);
            Assert.InRange(held.Descriptors, 1, most);
            Assert.InRange(held.SharedBytes, 1, guestBytes + (1 << 20));
        }
    }

    /// <summary>After 200 moves: each process holds no more than after 40.</summary>
    public void AssertFlat()
    {
        for (var peer = 0; peer < 2; peer++)
        {
            PeerHoldings[] early = [.. Held(Early, Window, peer)], late = [.. Held(Late, Window, peer)];
            Assert.InRange(late.Max(held => held.Threads), 1, early.Max(held => held.Threads) + MoreThreads);
            Assert.InRange(late.Min(held => held.ManagedBytes), 1, early.Min(held => held.ManagedBytes) + MoreManaged);
            Assert.InRange(late.Min(held => held.OwnBytes), 1, early.Min(held => held.OwnBytes) + MoreOwn);
        }
    }

    /// <summary>A line for each window: own memory and objects in KiB, least and most; most threads and descriptors.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var first = 0; first < _moves.Count; first += Window)
            for (var peer = 0; peer < 2; peer++)
            {
                PeerHoldings[] held = [.. Held(first, Window, peer)];
                text.AppendLine(
                    $"moves {first + 1,3} on, peer {peer}: own {held.Min(one => one.OwnBytes) >> 10} to {held.Max(one => one.OwnBytes) >> 10}, objects "
                    + $"{held.Min(one => one.ManagedBytes) >> 10} to {held.Max(one => one.ManagedBytes) >> 10}, threads {held.Max(one => one.Threads)}, "
                    + $"descriptors {held.Max(one => one.Descriptors)}");
            }
        return text.ToString();
    }

    private IEnumerable<PeerHoldings> Held(int first, int count) => Held(first, count, 0).Concat(Held(first, count, 1));

    private IEnumerable<PeerHoldings> Held(int first, int count, int peer) => _moves.Skip(first).Take(count).Select(both => both[peer]);
}
