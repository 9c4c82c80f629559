namespace DataPlane.Tools.Predict;

/// <summary>A time with its uncertainty, milliseconds.</summary>
/// <param name="Expected">What is expected.</param>
/// <param name="Low">Rarely less.</param>
/// <param name="High">Rarely more.</param>
public sealed record PredictRange(double Expected, double Low, double High);
