using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Fuzz.Recording;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Receiving;

namespace DataPlane.Fuzz.Replay;

/// <summary>What came of the frames of a channel.</summary>
internal enum ChannelVerdict
{
    /// <summary>The session fails by name: refused, or cut.</summary>
    Failed,

    /// <summary>All arrived, and some page is suspect: the handover is refused.</summary>
    Suspect,

    /// <summary>The guest would be taken over.</summary>
    Accepted,
}

/// <summary>
/// Replays the frames of a session with one data channel into the destination's own channel, on the caller's thread, and judges as the
/// destination does whether the guest would be taken over. Checks what holds for any bytes: nothing outside the blocks is written,
/// nothing is allocated per frame, and nothing is thrown but what a session ends with.
/// </summary>
internal sealed class ChannelReplay(RecordedSession session) : IDisposable
{
    // The fault that ends the channel, its text and its stack trace; a channel that goes on allocates nothing.
    private const long MostAllocated = 64 << 10;

    private readonly ReplayMemory _memory = new();
    private readonly HelloMessage _hello = session.Hello;
    private readonly SwitchoverMessage _switchover = (SwitchoverMessage)MessageList.Parse(session.Messages).Items.Select(item => item.Read()).First(message => message is SwitchoverMessage)!;

    /// <summary>What ended the channel last; null when its peer closed.</summary>
    public Exception? End { get; private set; }

    /// <summary>Whether the memory is what the source had.</summary>
    public bool MemoryIsRight => _memory.Holds(session.Memory);

    public ChannelVerdict Run(ReadOnlySpan<byte> frames)
    {
        _memory.Reset();
        ReceivedSection[] sections = [.. _hello.Sections.Select(section => new ReceivedSection(section.Id, section.Version, section.Size))];
        using var received = new DirtyBitmap(_memory.Memory);
        using var suspects = session.PageSums ? new SuspectPages(_memory.Memory) : null;
        var (peer, own) = Fed.Connect();
        using var _ = peer;
        uint fence = 0;
        ReceivingCrew? crew = null;
        using (crew = new ReceivingCrew(
            _memory.Memory, received, sections, fresh: false, mapped: true, [new DataSocket(own)], Fenced, _ => { }, session.Encoding, suspects))
        {
            Fed.Send(peer, frames);
            Fed.End(peer);
            Receive(crew);
        }
        _memory.CheckGuards();
        if (End is not null || fence != _switchover.Fence) return ChannelVerdict.Failed;
        if (suspects?.Count > 0) return ChannelVerdict.Suspect;
        return sections.Select((section, i) => section.Complete(_switchover.Sections[i], default, out var __) is not null).All(whole => whole)
            ? ChannelVerdict.Accepted : ChannelVerdict.Failed;

        void Fenced(uint number)
        {
            fence = number;
            if (number == _switchover.Fence) crew!.Seal();
        }
    }

    public void Dispose() => _memory.Dispose();

    private void Receive(ReceivingCrew crew)
    {
        End = null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            crew.Channels[0].Run();
        }
        catch (MigrationException ended) when (ended.Error.Code is MigrationErrorCode.ProtocolViolation or MigrationErrorCode.ConnectionLost)
        {
            End = ended;
        }
        catch (Exception other)
        {
            throw new FuzzFault($"A receiving channel threw {other.GetType().Name}: {other.Message}", other);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostAllocated) throw new FuzzFault($"A receiving channel allocated {allocated} bytes.");
    }
}
