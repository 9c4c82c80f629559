using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>Something that writes memory, and the dirty source under test that is to hear of it.</summary>
internal interface ITrackedGuest : IDisposable
{
    GuestMemory Memory { get; }

    IDirtySource Source { get; }

    void Resume();

    /// <summary>Returns when nothing writes any more.</summary>
    Task PauseAsync();

    /// <summary>Waits until so many more writes were made.</summary>
    void AwaitWrites(long writes);
}
