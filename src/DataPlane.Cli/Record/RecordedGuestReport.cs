namespace DataPlane.Cli.Record;

/// <summary>What the recorded guest did: the difference of its rates is what recording costs it.</summary>
/// <param name="AskedBytesPerSecond">On average over its phases; null for as fast as it goes.</param>
/// <param name="BeforeBytesPerSecond">What it wrote before anything was tracked.</param>
/// <param name="AchievedBytesPerSecond">What it wrote while it was recorded.</param>
/// <param name="WrittenPages">Page writes while it was recorded.</param>
internal sealed record RecordedGuestReport(double? AskedBytesPerSecond, double BeforeBytesPerSecond, double AchievedBytesPerSecond, long WrittenPages);
