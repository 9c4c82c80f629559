namespace DataPlane.Results;

/// <summary>State of the memory before the stream, as each side declared it.</summary>
/// <param name="Source"><c>populated</c>, <c>unmapped</c> or <c>fresh</c>; null where not declared.</param>
/// <param name="Destination">The same for the destination.</param>
/// <param name="PageKind">Size of the destination's pages: <c>4KiB</c>, <c>2MiB</c>, ...</param>
public sealed record MemoryReport(string? Source, string? Destination, string? PageKind);
