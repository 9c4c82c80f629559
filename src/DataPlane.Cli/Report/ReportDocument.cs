using DataPlane.Results;

namespace DataPlane.Cli.Report;

/// <summary>One result document.</summary>
/// <param name="Name">What people call it: its file, with a number where that has several.</param>
/// <param name="Result">What it says.</param>
/// <param name="Json">It itself.</param>
internal sealed record ReportDocument(string Name, MigrationResult Result, string Json);
