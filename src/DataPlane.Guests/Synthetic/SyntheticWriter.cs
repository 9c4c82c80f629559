using DataPlane.Core.Dirty;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Running;
using DataPlane.Guests.Writing;
using DataPlane.Linux.Kvm;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Synthetic;

/// <summary>
/// Does in a thread what guest.c does in a vCPU, and marks each page after it is written. Stops between two writes.
/// </summary>
internal sealed unsafe class SyntheticWriter(MemoryPages pages, ExplicitDirtySource? marks, WriterBlock* writer, WriterSchedule schedule)
    : IGuestWork, IDisposable
{
    private readonly PreciseWait _wait = new();
    private uint[] _quantiles = [];
    private volatile bool _interrupted;

    public void Prepare()
    {
        _interrupted = false;
        _wait.Reset();
        if (_quantiles.Length == 0) _quantiles = ZipfTable.Make(writer->Pages);
    }

    public void Run()
    {
        schedule.Resume();
        var list = (uint*)((byte*)writer + WriterBlock.ListAt);
        fixed (uint* quantiles = _quantiles)
            for (var left = writer->Batch; ; left = AwaitBatch(list))
            {
                for (; left > 0 && !_interrupted; left--) Write(quantiles, list, left);
                if (!_interrupted) continue;
                if (schedule.Lists) LeaveOut(left);
                break;
            }
        schedule.Pause();
    }

    public void Interrupt(int threadId)
    {
        _interrupted = true;
        _wait.Wake();
    }

    public void Dispose() => _wait.Dispose();

    /// <summary>The list does not travel: what of it was not written is listed anew.</summary>
    private void LeaveOut(ulong left)
    {
        schedule.LeaveOut(left);
        writer->Batch = 0;
    }

    /// <summary>What is to be written next; it may be something when the writer has been interrupted, too.</summary>
    private ulong AwaitBatch(uint* list)
    {
        while (schedule.Wait(ref *writer, list, out _) is not 0 and var nanoseconds)
        {
            _wait.Wait(nanoseconds);
            if (_interrupted) break;
        }
        return writer->Batch;
    }

    private void Write(uint* quantiles, uint* list, ulong left)
    {
        var page = (long)(writer->FirstPage + PageChoice.Next(ref *writer, quantiles, list, left));
        PageWrite.Apply(ref *writer, (ulong*)pages.Address(page, out var block, out var pageInBlock));
        marks?.Mark(block, pageInBlock << PageShift, PageSize);
    }
}
