using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Transport;

/// <summary>A thread that writes guest memory at random, bytes and whole pages, data and zeros, and marks each page after the write.</summary>
internal sealed class PageScribbler : IDisposable
{
    private readonly GuestMemory _memory;
    private readonly ExplicitDirtySource _dirty;
    private readonly Thread _thread;
    private volatile bool _stop;

    public PageScribbler(GuestMemory memory, ExplicitDirtySource dirty, int seed)
    {
        _memory = memory;
        _dirty = dirty;
        _thread = new Thread(() => Scribble(new Random(seed))) { IsBackground = true, Name = "scribbler" };
        _thread.Start();
    }

    /// <summary>Pages written so far.</summary>
    public long Writes { get; private set; }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Scribble(Random random)
    {
        while (!_stop)
        {
            var block = _memory.Blocks[random.Next(_memory.Blocks.Count)];
            var page = random.NextInt64(block.PageCount);
            var bytes = GuardedMemory.Page(block, page);
            switch (random.Next(4))
            {
                case 0: bytes.Clear(); break;
                case 1: random.NextBytes(bytes); break;
                default: bytes[random.Next(PageSize)]++; break;
            }
            _dirty.Mark(block, page << PageShift, PageSize);
            Writes++;
            _ = Thread.Yield(); // The channels under test want a core too.
        }
    }
}
