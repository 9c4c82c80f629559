using System.Text.Json;
using DataPlane.Results;

namespace DataPlane.Cli.Report;

/// <summary>One result document.</summary>
/// <param name="Name">What people call it: its file, with a number where that has several.</param>
/// <param name="Result">What it says.</param>
/// <param name="Json">It itself.</param>
internal sealed record ReportDocument(string Name, MigrationResult Result, string Json)
{
    private readonly JsonElement _root = JsonElement.Parse(Json);

    /// <summary>What it is of; null where it is of no stress.</summary>
    public RunTags? Tags => RunTags.Of(_root);

    /// <summary>What its guest noticed; null where nobody looked.</summary>
    public GuestWork? Work => GuestWork.Of(_root);
}
