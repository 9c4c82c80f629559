using System.Globalization;

namespace DataPlane.Core.Traces;

/// <summary>Why bytes are no trace.</summary>
/// <param name="Offset">The byte of the file at which it shows.</param>
/// <param name="What">A sentence.</param>
public sealed record DirtyTraceFault(long Offset, string What)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"byte {Offset}: {What}");
}
