using DataPlane.Guests;
using DataPlane.Peer;
using Xunit;

namespace DataPlane.Tests.Soak;

/// <summary>Two processes, and one guest that moves between them. Each process is source and destination in turn, with the same memory and vCPUs.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private readonly PeerProcess[] _peers = [PeerProcess.Start(), PeerProcess.Start()];
    private readonly long _pages;
    private long _moves;
    private long _writes;

    private PeerPair(long pages) => _pages = pages;

    /// <summary>Makes the guest in one process and an empty, poisoned memory of its layout in the other.</summary>
    public static async Task<PeerPair> StartAsync(GuestOptions guest)
    {
        var pair = new PeerPair(guest.MemoryBytes >> 12);
        for (var i = 0; i < pair._peers.Length; i++)
            await pair._peers[i].AskAsync(new PeerRequest { Do = PeerOrder.Make, Guest = guest, Here = i == 0 });
        return pair;
    }

    /// <summary>Moves the guest to the other process, every page compared, and looks at it on both sides.</summary>
    public async Task MoveAsync(PeerRequest how)
    {
        var (from, to) = (_peers[_moves % 2], _peers[(_moves + 1) % 2]);
        var address = (await to.AskAsync(new PeerRequest { Do = PeerOrder.Listen, Address = "tcp:127.0.0.1:0" })).Address!;
        var sent = (await from.AskAsync(how with { Do = PeerOrder.Send, Address = address })).Move!;
        var taken = (await to.AskAsync(PeerOrder.Take)).Move!;
        _moves++;
        Assert.True(sent.Error is null && taken.Error is null, $"Move {_moves}, with {how}: {sent.Error} {taken.Error}");
        Assert.Equal(("Completed", "Completed"), (sent.Status, taken.Status));
        Assert.Equal(_pages, sent.PagesCompared);
        await LookAsync(from, to);
    }

    /// <summary>What each process holds now.</summary>
    public async Task<PeerHoldings[]> WeighAsync() =>
        [(await _peers[0].AskAsync(PeerOrder.Weigh)).Holdings!, (await _peers[1].AskAsync(PeerOrder.Weigh)).Holdings!];

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers) await peer.DisposeAsync();
    }

    private async Task LookAsync(PeerProcess left, PeerProcess here)
    {
        var guest = (await here.AskAsync(PeerOrder.Look)).Guest!;
        Assert.True(guest.Running, "The guest does not run where it moved to.");
        Assert.True(guest.Holds, $"After {_moves} moves: {guest.Words}.");
        Assert.Equal(_moves, guest.Moves);
        Assert.True(guest.Writes > _writes, $"The guest wrote nothing since its move {_moves - 1}.");
        var shell = (await left.AskAsync(PeerOrder.Look)).Guest!;
        Assert.False(shell.Running, "The guest still runs where it moved from.");
        Assert.True(shell.Holds && shell.Writes <= guest.Writes && shell.Writes > _writes, $"Left behind by move {_moves}: {shell.Words}.");
        _writes = guest.Writes;
    }
}
