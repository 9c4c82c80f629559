namespace DataPlane.Native.Handles;

/// <summary>What a handle is of. Stands in the handle itself.</summary>
internal enum HandleKind
{
    Memory = 1,
    Dirty,
    Migration,
    Listener,
    Costs,
    Stream,
}
