using DataPlane.Core.Dirty;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;

namespace DataPlane.Destination;

/// <summary>
/// What a destination holds of a guest after an attempt that failed: whose it is, and which pages hold something else than what was
/// acknowledged. Made when nothing writes the memory any more.
/// </summary>
/// <param name="Image">The guest.</param>
/// <param name="Attempt">The last attempt.</param>
/// <param name="Written">Pages that the host wrote in any attempt, and that arrived damaged. They are never forgotten: a source may not have heard of them.</param>
internal sealed record KeptMemory(Guid Image, uint Attempt, DirtyBitmap Written)
{
    /// <summary>What is kept after <paramref name="state"/>'s attempt; null where it never came to one.</summary>
    public static KeptMemory? Of(DestinationState state)
    {
        if (state.Hello is not { } hello) return state.Kept;
        var written = state.Kept?.Written ?? new DirtyBitmap(state.Memory);
        state.WrittenByHost.AddTo(written);
        state.WrittenByHost.AddTo(state.Received); // Memory that is fresh elsewhere is not where the host has written: zeros are to clear it.
        state.Suspects?.AddTo(written);
        return new KeptMemory(hello.Image, hello.Attempt, written);
    }

    /// <summary>The ranges to tell the source of; null where they are too many, or where <paramref name="hello"/> is of another guest.</summary>
    public PageRange[]? For(HelloMessage hello) => hello.Image == Image ? PageRanges.Of(Written) : null;
}
