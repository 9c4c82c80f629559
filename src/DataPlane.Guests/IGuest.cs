using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;

namespace DataPlane.Guests;

/// <summary>
/// A guest that dirties its memory in a known way and can be migrated. Owns its memory and threads; dispose it after the
/// migration that uses it. One thread at a time, except for <see cref="WriteCount"/> and <see cref="IsRunning"/>.
/// </summary>
public interface IGuest : IMigrationHost, IDisposable
{
    /// <summary>The guest's RAM: <c>ram-low</c>, and above 3 GiB also <c>ram-high</c> at guest address 4 GiB.</summary>
    GuestMemory Memory { get; }

    /// <summary>What writes the memory.</summary>
    GuestKind Kind { get; }

    /// <summary>Source: lets the guest run for the first time.</summary>
    void Start();

    /// <summary>Whether the guest runs now.</summary>
    bool IsRunning { get; }

    /// <summary>
    /// Page writes done so far, here and before the guest came here. 0 on a destination that holds no guest yet. Free to read
    /// until it is disposed.
    /// </summary>
    long WriteCount { get; }

    /// <summary>
    /// The source of news about written pages that <paramref name="name"/> (of <see cref="DirtySourceNames"/>) calls for, or the cheapest that works with <c>auto</c>. The caller
    /// owns it, and there is one at a time. Throws <see cref="ArgumentException"/> naming those that this guest has, and
    /// <see cref="DirtySourceUnavailableException"/> saying what this host lacks and what to do.
    /// </summary>
    IDirtySource CreateDirtySource(string name);

    /// <summary>Compares the pages' counters with the vCPUs'. Only while the guest is stopped; reads one word per page.</summary>
    InvariantReport CheckInvariant();
}
