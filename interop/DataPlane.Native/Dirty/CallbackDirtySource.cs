using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Native.Structs;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Native.Dirty;

/// <summary>The VMM's own tracking, by callbacks that fill a bitmap of one block at a time.</summary>
internal sealed unsafe class CallbackDirtySource : IDirtySource
{
    private readonly GuestMemory _memory;
    private readonly DpDirtyCallbacks _host;
    private readonly nuint _bytes;

    // Pages that were reported and may be unprotected: what a called-off switchover marks again. Null where `sync` protects by itself.
    private readonly DirtyBitmap? _open;
    private ulong* _bits;
    private bool _started;

    public CallbackDirtySource(GuestMemory memory, DpDirtyCallbacks host)
    {
        if (host.Sync == null) throw Errors.NativeException.Argument("dp_dirty_callbacks has no sync.");
        _memory = memory;
        _host = host;
        // One buffer, as blocks are asked for in turn; a stripe's eight words are readable even where a block ends inside its last stripe.
        _bytes = (nuint)(memory.Blocks.Max(block => block.StripeCount) * WordsPerStripe) * sizeof(ulong);
        _bits = (ulong*)NativeMemory.AlignedAlloc(_bytes, 64);
        _open = host.Reprotect == null ? null : new DirtyBitmap(memory);
    }

    ~CallbackDirtySource() => NativeMemory.AlignedFree(_bits);

    public string Name => "callback";

    public void Start()
    {
        ObjectDisposedException.ThrowIf(_bits == null, this);
        if (_host.Start != null) Check(_host.Start(_host.Opaque), "start");
        _started = true;
    }

    public long Sync(DirtyBitmap into)
    {
        ObjectDisposedException.ThrowIf(_bits == null, this);
        long added = 0;
        foreach (var block in _memory.Blocks) added += Sync(block, into);
        return added;
    }

    public void Reprotect(int stripe)
    {
        if (_host.Reprotect == null) return;
        var block = _memory.BlockOfStripe(stripe);
        var inBlock = stripe - block.FirstStripe;
        // Before the call: what is reported while it runs may be unprotected again.
        Span<ulong> ignored = stackalloc ulong[WordsPerStripe];
        _ = _open!.Claim(stripe, ignored);
        Check(_host.Reprotect(_host.Opaque, (uint)block.Index, (ulong)inBlock * PagesPerStripe, (ulong)block.PagesInStripe(inBlock)), "reprotect");
    }

    public void Restore(DirtyBitmap into) => _open?.AddTo(into);

    public void Stop()
    {
        if (!_started) return;
        _started = false;
        if (_host.Stop != null) Check(_host.Stop(_host.Opaque), "stop");
    }

    public void Dispose()
    {
        if (_bits == null) return;
        _open?.Dispose();
        NativeMemory.AlignedFree(_bits);
        _bits = null;
        GC.SuppressFinalize(this);
    }

    private long Sync(RamBlock block, DirtyBitmap into)
    {
        var words = block.StripeCount * WordsPerStripe;
        NativeMemory.Clear(_bits, (nuint)words * sizeof(ulong));
        Check(_host.Sync(_host.Opaque, (uint)block.Index, _bits, (ulong)block.PageCount), "sync");
        Span<ulong> existing = stackalloc ulong[WordsPerStripe];
        long added = 0;
        for (var stripe = 0; stripe < block.StripeCount; stripe++)
        {
            var bits = new Span<ulong>(_bits + (stripe * WordsPerStripe), WordsPerStripe);
            if (PageMask.IsEmpty(bits)) continue;
            GuestMemory.ExistingPages(block, stripe, existing);
            for (var word = 0; word < WordsPerStripe; word++) bits[word] &= existing[word];
            _ = _open?.Or(block.FirstStripe + stripe, bits);
            added += into.Or(block.FirstStripe + stripe, bits);
        }
        return added;
    }

    private static void Check(int result, string what)
    {
        if (result != 0) throw new InvalidOperationException($"The host's {what} of its dirty tracking failed ({result}).");
    }
}
