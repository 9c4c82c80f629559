namespace DataPlane.Cli.Report;

/// <summary>What files hold that a page is made of.</summary>
/// <param name="Migrations">Runs, in the order of the files.</param>
/// <param name="Links">Measurements of links, in the order of the files.</param>
internal sealed record ReportContents(IReadOnlyList<ReportDocument> Migrations, IReadOnlyList<LinkDocument> Links)
{
    public static ReportContents Of(IReadOnlyList<ReportContents> files) => new([.. files.SelectMany(file => file.Migrations)], [.. files.SelectMany(file => file.Links)]);
}
