using DataPlane.Native.Errors;

namespace DataPlane.Native.Handles;

/// <summary>What stands behind a handle: what it is, who uses it, and what was wrong with it last.</summary>
internal abstract class NativeObject(HandleKind kind)
{
    private volatile string _lastError = "";
    private int _users;

    public HandleKind Kind { get; } = kind;

    /// <summary>The sentence of the last failure. Any thread.</summary>
    public string LastError
    {
        get => _lastError;
        set => _lastError = value;
    }

    /// <summary>Whether something that was made from it exists.</summary>
    public bool IsUsed => Volatile.Read(ref _users) > 0;

    public void Use() => Interlocked.Increment(ref _users);

    public void Unuse() => Interlocked.Decrement(ref _users);

    /// <summary>Gives back what it holds; the handle is gone already. Throws, and keeps all, where that cannot be now.</summary>
    public abstract void Destroy();

    protected void RefuseWhileUsed(string what)
    {
        if (IsUsed) throw new NativeException(DpError.Busy, $"{what} is in use by what was made from it: destroy that first.");
    }
}
