namespace DataPlane.Tools.Predict.Memory;

/// <summary>Expected counts of what a channel has taken out of the bitmap.</summary>
/// <param name="Pages">All.</param>
/// <param name="Zero">Of them zero.</param>
/// <param name="Sparse">Of them zero once, and written since.</param>
/// <param name="Stripes">That have any of them.</param>
internal readonly record struct ClaimedPages(double Pages, double Zero, double Sparse, double Stripes);
