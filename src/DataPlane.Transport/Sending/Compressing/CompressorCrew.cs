using System.Diagnostics;
using System.Threading.Channels;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Linux.Codecs;
using DataPlane.Linux.Host;
using Microsoft.Extensions.ObjectPool;

namespace DataPlane.Transport.Sending.Compressing;

/// <summary>
/// The compressors beside a source's channels: threads that take batches off one queue, encode them, and give them back to the line they came
/// from. Owns the threads, their codecs, and all batches.
/// </summary>
internal sealed class CompressorCrew : IDisposable
{
    // Of a channel's batches four lie between the compressors and the socket, so that a call has some 400 KiB to send, and for each compressor
    // that works for it one is being encoded and one waits.
    private const int SendingPerChannel = 4;
    private const int PerCompressor = 2;

    private readonly PageBatchPolicy _policy = new();
    private readonly DefaultObjectPool<PageBatch> _pool;
    private readonly Channel<PageBatch> _queue;
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly PageCodecSet[] _codecs;
    private readonly Thread[] _threads;
    private readonly ChannelThreads _placing;
    private readonly long[] _allocated;
    private readonly bool _pageSums;
    private readonly Action<Exception> _onFault;
    private volatile bool _ended;
    private bool _disposed;

    /// <param name="threads">How many compressors.</param>
    /// <param name="channels">How many channels they work for.</param>
    /// <param name="encodings">What is to be encoded to.</param>
    /// <param name="pageSums">Whether the checksum of each page stands before the result.</param>
    /// <param name="onFault">Called on a compressor's thread with what ended it.</param>
    /// <param name="placing">What the threads are called and where they run.</param>
    public CompressorCrew(int threads, int channels, PageEncodingSet encodings, bool pageSums, Action<Exception> onFault, ChannelThreads placing)
    {
        _pageSums = pageSums;
        _onFault = onFault;
        _placing = placing;
        BatchesPerChannel = SendingPerChannel + (PerCompressor * ((threads + channels - 1) / channels));
        var batches = BatchesPerChannel * channels;
        _pool = new DefaultObjectPool<PageBatch>(_policy, batches);
        foreach (var batch in Enumerable.Range(0, batches).Select(_ => _pool.Get()).ToArray()) _pool.Return(batch); // All memory is there from the start.
        // Bounded by the number of batches: a write always finds room, and the wait is for a batch, where the channel has something to do meanwhile.
        _queue = Channel.CreateBounded<PageBatch>(batches);
        _codecs = [.. Enumerable.Range(0, threads).Select(_ => new PageCodecSet(encodings))];
        _allocated = new long[threads];
        _threads = [.. Enumerable.Range(0, threads).Select(i => placing.Make("pack", i, () => Run(i)))];
    }

    /// <summary>Most batches that one channel may hold at a time; each has two buffers of 256 KiB, so 3 MiB for a channel with one compressor.</summary>
    public int BatchesPerChannel { get; }

    /// <summary>All the batches there are.</summary>
    public int BatchCount => _policy.Made.Count;

    public int ThreadCount => _threads.Length;

    /// <summary>Managed bytes that the compressors have allocated while they worked.</summary>
    public long AllocatedBytes
    {
        get
        {
            long sum = 0;
            for (var i = 0; i < _allocated.Length; i++) sum += Volatile.Read(ref _allocated[i]);
            return sum;
        }
    }

    public void Start()
    {
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>A batch for a channel that holds fewer than <see cref="BatchesPerChannel"/>: the pool has one.</summary>
    public PageBatch Rent() => _pool.Get();

    /// <summary>Takes a batch back that nobody reads any more.</summary>
    public void Return(PageBatch batch) => _pool.Return(batch);

    /// <summary>From here the batch belongs to a compressor, until it is done.</summary>
    public void HandOver(PageBatch batch)
    {
        var taken = _queue.Writer.TryWrite(batch);
        Debug.Assert(taken, "the queue has room for every batch there is");
        _ = _waiting.Release();
    }

    /// <summary>The threads end soon: after the block each has in hand.</summary>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        _ = _waiting.Release(_threads.Length);
    }

    /// <summary>Waits for the threads. After <see cref="End"/>.</summary>
    public void Join()
    {
        foreach (var thread in _threads)
            if (!thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted)) thread.Join(); // Flags: a background thread is Unstarted and Background.
    }

    /// <summary>Ends the threads, and frees the batches: no channel may hold one in its hands any more.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        End();
        Join();
        foreach (var codecs in _codecs) codecs.Dispose();
        foreach (var batch in _policy.Made) batch.Dispose();
        _waiting.Dispose();
    }

    private void Run(int number)
    {
        try
        {
            _placing.Enter(number);
            Encode(_codecs[number], ref _allocated[number]);
        }
        catch (Exception fault) // A compressor's thread has no caller: what ended it is handed to the session.
        {
            _onFault(fault);
        }
    }

    // The queue's own wait is asynchronous: with several readers it allocates one operation each, and a thread of the pool would run what
    // comes after it. These threads block on a count of what lies in the queue.
    private unsafe void Encode(PageCodecSet codecs, ref long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (true)
        {
            _waiting.Wait();
            if (_ended) return;
            if (!_queue.Reader.TryRead(out var batch)) continue;
            var start = Stopwatch.GetTimestamp();
            batch.Length = PageEncoder.Encode(codecs[batch.Codec], batch.Copied, batch.Count, batch.Encoded, _pageSums);
            batch.Ticks = Stopwatch.GetTimestamp() - start;
            batch.Line!.Finished(batch);
            Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }
}
