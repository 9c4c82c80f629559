using DataPlane.Native.Handles;
using DataPlane.Options;

namespace DataPlane.Native.Options;

/// <summary>A <c>dp_costs</c>.</summary>
internal sealed class Costs() : NativeObject(HandleKind.Costs)
{
    public LearnedCosts Learned { get; } = new();

    public override void Destroy() => RefuseWhileUsed("The dp_costs");
}
