using DataPlane.Core.Dirty;
using DataPlane.Guests.Memory;
using DataPlane.Guests.Running;
using DataPlane.Guests.Writing;
using DataPlane.Linux.Kvm;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Synthetic;

/// <summary>Does in a thread what guest.c does in a vCPU, and marks each page after it is written. Stops between two writes.</summary>
internal sealed unsafe class SyntheticWriter(GuestRam ram, ExplicitDirtySource marks, WriterBlock* writer, WriterPace pace)
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
        pace.Resume();
        fixed (uint* quantiles = _quantiles)
            while (!_interrupted)
            {
                for (ulong left = writer->Batch; left > 0 && !_interrupted; left--) Write(quantiles);
                if (pace.Wait(*writer) is not 0 and var nanoseconds) _wait.Wait(nanoseconds);
            }
        pace.Pause();
    }

    public void Interrupt(int threadId)
    {
        _interrupted = true;
        _wait.Wake();
    }

    public void Dispose() => _wait.Dispose();

    private void Write(uint* quantiles)
    {
        var page = (long)(writer->FirstPage + PageChoice.Next(ref *writer, quantiles));
        var words = (ulong*)ram.Pages(page, 1);
        words[PageChoice.StampedWord(writer->Random)] = writer->Random;
        words[0]++;
        Volatile.Write(ref writer->Count, writer->Count + 1);
        var block = ram.BlockOf(page, out var pageInBlock);
        marks.Mark(block, pageInBlock << PageShift, PageSize);
    }
}
