using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>A guest, and the source that it gives for a name.</summary>
internal sealed class TrackedGuest : ITrackedGuest
{
    public TrackedGuest(GuestOptions options)
    {
        Guest = DataPlane.Guests.Guest.CreateSource(options);
        try
        {
            Source = Guest.CreateDirtySource(options.DirtySource);
        }
        catch (IOException)
        {
            Guest.Dispose();
            throw;
        }
    }

    public IGuest Guest { get; }

    public GuestMemory Memory => Guest.Memory;

    public IDirtySource Source { get; }

    public void Resume() => Guest.Start();

    public async Task PauseAsync()
    {
        await Guest.PauseAsync(default);
        var report = Guest.CheckInvariant();
        if (!report.Holds) throw new InvalidDataException(report.ToString());
    }

    public void AwaitWrites(long writes) => GuestProgress.Await(Guest, writes);

    public void Dispose()
    {
        Source.Dispose();
        Guest.Dispose();
    }
}
