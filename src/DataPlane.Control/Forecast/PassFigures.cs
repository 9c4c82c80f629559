using DataPlane.Core.Dirty;

namespace DataPlane.Control.Forecast;

/// <summary>What a pass has done, all channels together, and what the read of the dirty sources at its end has found.</summary>
/// <param name="Frames">Frames sent.</param>
/// <param name="Pages">Pages in them, those that are zero too.</param>
/// <param name="WireBytes">Their bytes, headers included.</param>
/// <param name="Busy">The channels' time with something to do, added up.</param>
/// <param name="IsCapped">Whether the user's cap held them: then their time tells nothing of what pages cost.</param>
/// <param name="Found">What the read found.</param>
/// <param name="Exposure">For how long the pages that it added had been clean.</param>
/// <param name="SyncCpu">What it needed of a CPU.</param>
internal readonly record struct PassFigures(
    long Frames, long Pages, long WireBytes, TimeSpan Busy, bool IsCapped, DirtyCount Found, TimeSpan Exposure, TimeSpan SyncCpu)
{
    /// <summary>Pages that were encoded.</summary>
    public long EncodedPages { get; init; }

    /// <summary>Whether they went for the first time, so that the destination had to make room for them.</summary>
    public bool IsFirst { get; init; }
}
