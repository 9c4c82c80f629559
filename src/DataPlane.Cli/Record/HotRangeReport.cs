namespace DataPlane.Cli.Record;

/// <summary>A stretch of memory with many writes.</summary>
/// <param name="FirstPage">Counted over all of memory.</param>
/// <param name="Pages">How long it is.</param>
/// <param name="WrittenPages">Pages written there, one once for each step that has it.</param>
internal sealed record HotRangeReport(long FirstPage, long Pages, long WrittenPages);
