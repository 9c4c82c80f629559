using DataPlane.Native.Errors;

namespace DataPlane.Native.Hosting;

/// <summary>
/// What this thread is in: a callback of which migration. What waits for that migration would wait for itself. A callback runs on one thread from
/// its start to its end, so a mark on the thread is exact.
/// </summary>
internal readonly struct CallbackScope : IDisposable
{
    [ThreadStatic]
    private static object? t_owner;

    private readonly object? _before;

    private CallbackScope(object owner)
    {
        _before = t_owner;
        t_owner = owner;
    }

    public static CallbackScope Enter(object owner) => new(owner);

    /// <summary>Refuses what would wait for <paramref name="owner"/>.</summary>
    public static void Refuse(object owner, string what)
    {
        if (ReferenceEquals(t_owner, owner)) throw new NativeException(DpError.Reentry, $"{what} was called from a callback of the same migration, which it would wait for.");
    }

    public void Dispose() => t_owner = _before;
}
