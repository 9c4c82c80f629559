namespace DataPlane.Core.Wire;

/// <summary>Messages by the names that WIRE.md has for them, for people.</summary>
internal static class ControlMessageNames
{
    /// <summary>PAGE-SUMS for <see cref="ControlMessageType.PageSums"/>; the number of what has no name.</summary>
    public static string Name(this ControlMessageType type) =>
        string.Concat(type.ToString().Select((letter, at) => at > 0 && char.IsAsciiLetterUpper(letter) ? $"-{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
