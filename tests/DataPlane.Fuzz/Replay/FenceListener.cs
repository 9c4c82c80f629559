using System.Buffers;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Fuzz.Recording;

namespace DataPlane.Fuzz.Replay;

/// <summary>Reads what a destination answers, and tells of each fence that it has placed on all channels.</summary>
internal sealed class FenceListener : IDisposable
{
    private readonly SemaphoreSlim _fences = new(0);

    public FenceListener(Socket peer) => Ended = Task.Run(() => ReadAsync(peer));

    /// <summary>Completes when the destination says no more.</summary>
    public Task Ended { get; }

    /// <summary>Waits for the next fence. False when the session is over; true also when nothing comes for so long.</summary>
    public async Task<bool> NextAsync(TimeSpan patience, CancellationToken over)
    {
        try
        {
            _ = await _fences.WaitAsync(patience, over);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _fences.Dispose();

    private async Task ReadAsync(Socket peer)
    {
        var held = new ArrayBufferWriter<byte>();
        try
        {
            for (int read; (read = await peer.ReceiveAsync(held.GetMemory(4096))) > 0;)
            {
                held.Advance(read);
                var answers = MessageList.Parse(held.WrittenSpan);
                var fences = answers.Items.Count(item => item.Type == ControlMessageType.Fenced);
                held.ResetWrittenCount();
                held.Write(answers.Rest);
                if (fences > 0) _ = _fences.Release(fences);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The replay is over.
        }
    }
}
