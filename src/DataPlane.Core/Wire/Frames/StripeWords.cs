using System.Runtime.CompilerServices;
using DataPlane.Core.Memory;

namespace DataPlane.Core.Wire.Frames;

/// <summary>The 512 page bits of one stripe, by value.</summary>
[InlineArray(PageGeometry.WordsPerStripe)]
internal struct StripeWords
{
    private ulong _first;
}
