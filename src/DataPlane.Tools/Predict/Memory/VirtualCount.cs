namespace DataPlane.Tools.Predict.Memory;

/// <summary>Expected counts of what a read of the dirty sources has found.</summary>
/// <param name="Pages">Marked now.</param>
/// <param name="Stripes">That have any marked.</param>
/// <param name="Added">Pages that became marked by it.</param>
/// <param name="ExposureSeconds">For how long those had been clean, on average.</param>
internal readonly record struct VirtualCount(double Pages, double Stripes, double Added, double ExposureSeconds);
