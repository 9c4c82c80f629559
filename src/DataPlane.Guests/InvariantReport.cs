using System.Globalization;

namespace DataPlane.Guests;

/// <summary>
/// What a stopped guest's memory says of itself. The first word of each data page counts the page's writes, and each vCPU counts
/// its own: a page lost or taken twice on the way breaks the sum.
/// </summary>
/// <param name="Holds">Whether for every vCPU the sum is its count of writes that count, or one more: the write it was stopped in.</param>
/// <param name="PageCounterSum">Sum of the pages' counters over all vCPUs.</param>
/// <param name="WriteCount">Sum of the vCPUs' own counts.</param>
/// <param name="Vcpus">How many vCPUs were compared.</param>
public sealed record InvariantReport(bool Holds, long PageCounterSum, long WriteCount, int Vcpus)
{
    /// <summary>Of <see cref="WriteCount"/>, those that wrote what was there and so are not counted in any page.</summary>
    public long SameCount { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"in-guest invariant {(Holds ? "holds" : "BROKEN")}: the pages count {PageCounterSum:N0} writes, {Vcpus} vCPU(s) made {WriteCount:N0}{(SameCount > 0 ? $", of which {SameCount:N0} changed nothing" : "")}");
}
