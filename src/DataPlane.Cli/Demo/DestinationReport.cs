using DataPlane.Cli.Run;

namespace DataPlane.Cli.Demo;

/// <summary>What a destination tells the demo that started it.</summary>
/// <param name="Status">Of its result.</param>
/// <param name="Error">Of its result, as one line.</param>
/// <param name="Guest">The guest's run there; null where it did not come.</param>
internal sealed record DestinationReport(string Status, string? Error, GuestReport? Guest);
