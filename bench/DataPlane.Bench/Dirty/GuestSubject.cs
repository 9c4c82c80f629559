using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;

namespace DataPlane.Bench.Dirty;

/// <summary>A guest that writes its pages in turn.</summary>
internal sealed class GuestSubject : DirtySubject
{
    private readonly IGuest _guest;

    public GuestSubject(GuestKind kind, string source)
    {
        _guest = Guest.CreateSource(new GuestOptions
        {
            Kind = kind,
            MemoryBytes = MemoryBytes,
            DirtyBytesPerSecond = 400L << 20,
            Pattern = DirtyPattern.Sequential,
            Fill = MemoryFill.Random,
            DirtySource = source,
        });
        Source = _guest.CreateDirtySource(source);
    }

    public override GuestMemory Memory => _guest.Memory;

    public override IDirtySource Source { get; }

    public override async Task WriteAsync(long pages)
    {
        var target = _guest.WriteCount + pages;
        _guest.Start();
        while (_guest.WriteCount < target) Thread.SpinWait(100); // A sleep would let it write thousands of pages too many.
        await _guest.PauseAsync(default);
    }

    public override void Dispose()
    {
        Source.Dispose();
        _guest.Dispose();
    }
}
