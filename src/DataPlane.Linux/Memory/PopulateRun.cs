using System.Runtime.ExceptionServices;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Memory;

/// <summary>One populating of one range: the threads take pieces of it until none is left, one fails or the caller cancels.</summary>
internal sealed unsafe class PopulateRun
{
    // 16 MiB take 1 to 16 ms: short enough to cancel between two, long enough that taking one costs nothing. Pieces start on 2 MiB
    // borders, so that no huge page is filled by two threads.
    private const long PieceSize = 8L * StripeSize;

    private readonly nint _start;
    private readonly nint _end;
    private readonly bool _collapse;
    private readonly Action<long>? _progress;
    private readonly CancellationToken _cancel;
    private readonly Lock _report = new();

    // Shared by the threads: by Interlocked, except _done under _report.
    private long _next;
    private long _hugeBytes;
    private ExceptionDispatchInfo? _fault;
    private long _done;

    public PopulateRun(nint address, long length, bool collapse, Action<long>? progress, CancellationToken cancel)
    {
        if (address <= 0 || address % PageSize != 0)
            throw new ArgumentException($"0x{address:x} is not a page-aligned address.", nameof(address));
        if (length < 0 || length % PageSize != 0 || length > nint.MaxValue - address)
            throw new ArgumentException($"{length} bytes are no number of pages at 0x{address:x}.", nameof(length));
        _start = address;
        _end = address + (nint)length;
        _collapse = collapse;
        _progress = progress;
        _cancel = cancel;
        _next = address / PieceSize;
    }

    /// <summary>Bytes that are known to lie in huge pages after <see cref="Run"/>.</summary>
    public long HugeBytes => _hugeBytes;

    public void Run(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var pieces = ((long)_end + PieceSize - 1) / PieceSize - _next;
        var helpers = new Thread[(int)Math.Clamp(pieces - 1, 0, threads - 1)];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Work) { IsBackground = true, Name = $"populate-{i + 1}" };
            helpers[i].Start();
        }
        Work();
        foreach (var helper in helpers) helper.Join();
        _fault?.Throw();
    }

    private void Work()
    {
        try
        {
            while (Volatile.Read(ref _fault) is null)
            {
                var piece = (Interlocked.Increment(ref _next) - 1) * PieceSize;
                if (piece >= _end) return;
                _cancel.ThrowIfCancellationRequested();
                var from = Math.Max((nint)piece, _start);
                var to = (nint)Math.Min(piece + PieceSize, _end);
                if (_collapse) Collapse(from, to);
                MemoryPopulator.PopulatePiece((byte*)from, to - from);
                Report(to - from);
            }
        }
        catch (Exception fault)
        {
            // Whatever it is, also what the caller's callback throws, comes out of Run on the caller's thread.
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
        }
    }

    // Collapsing needs a page table to exist, which one page brings; the rest of the huge page comes zeroed at once, at two to three times
    // the speed of 512 single pages. A refusal is no fault: the page stays small, and populating goes on.
    private void Collapse(nint from, nint to)
    {
        for (var huge = (from + StripeSize - 1) / StripeSize * StripeSize; huge + StripeSize <= to; huge += StripeSize)
        {
            MemoryPopulator.PopulatePiece((byte*)huge, PageSize);
            if (MemoryNative.Madvise((void*)huge, StripeSize, MemoryNative.MadvCollapse) == 0)
                Interlocked.Add(ref _hugeBytes, StripeSize);
        }
    }

    private void Report(long bytes)
    {
        if (_progress is null) return;
        lock (_report)
        {
            _done += bytes;
            _progress(_done);
        }
    }
}
