using DataPlane.Tools.Link;

namespace DataPlane.Cli.Report;

/// <summary>One measurement of a link.</summary>
/// <param name="Name">What people call it: its file, with a number where that has several.</param>
/// <param name="Result">What it says.</param>
/// <param name="Json">It itself.</param>
internal sealed record LinkDocument(string Name, LinkResult Result, string Json);
