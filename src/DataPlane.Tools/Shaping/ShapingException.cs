namespace DataPlane.Tools.Shaping;

/// <summary>A link cannot be made as it was asked for; the message says what is missing.</summary>
public sealed class ShapingException : IOException
{
    /// <summary>With a sentence.</summary>
    public ShapingException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence, and what it came from.</summary>
    public ShapingException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
