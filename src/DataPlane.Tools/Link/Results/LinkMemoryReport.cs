namespace DataPlane.Tools.Link;

/// <summary>The memory of a measurement. A rate says nothing without its state.</summary>
/// <param name="Bytes">On either side.</param>
/// <param name="State">Of the receiving side: <c>populated</c>, its page tables are set up.</param>
/// <param name="Contents">Of the sending side: <c>random</c>, no page is zero or like another.</param>
public sealed record LinkMemoryReport(long Bytes, string State, string Contents);
