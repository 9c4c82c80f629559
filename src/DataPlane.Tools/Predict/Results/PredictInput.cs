namespace DataPlane.Tools.Predict;

/// <summary>A figure that the prediction is made from.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Value">It, for people.</param>
/// <param name="Origin">Where it comes from: <c>given</c>, <c>default</c>, <c>guess</c>, or what it was taken from.</param>
public sealed record PredictInput(string Name, string Value, string Origin);
