namespace DataPlane.Tools.Predict;

/// <summary>How it would end.</summary>
public enum PredictVerdict
{
    /// <summary>The guest moves, and stands still no longer than is aimed for.</summary>
    Fits,

    /// <summary>The guest moves, and stands still for longer than is aimed for.</summary>
    OverLimit,

    /// <summary>The guest stays at the source.</summary>
    Stays,
}
