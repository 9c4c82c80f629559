namespace DataPlane.Results;

/// <summary>State of the memory before the stream, as each side declared it.</summary>
/// <param name="Source"><c>populated</c>, <c>unmapped</c> or <c>fresh</c>; null where not declared.</param>
/// <param name="Destination">The same for the destination.</param>
/// <param name="PageKind">Page size of the files behind the destination's memory: <c>4KiB</c>, <c>2MiB</c>, ...; that the kernel may have joined
/// pages of 4 KiB to larger ones is not told.</param>
public sealed record MemoryReport(string? Source, string? Destination, string? PageKind);
