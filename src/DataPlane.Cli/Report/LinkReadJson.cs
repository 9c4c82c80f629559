using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DataPlane.Core.Errors;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Report;

/// <summary>How a link's document is read: as strictly as a migration's.</summary>
internal static class LinkReadJson
{
    private static readonly LinkReadJsonContext _context = new(new JsonSerializerOptions(LinkReadJsonContext.Default.Options)
    {
        Converters =
        {
            ResultReadJson.Named<LinkStatus>(), ResultReadJson.Named<LinkDirection>(), ResultReadJson.Named<LinkSide>(), ResultReadJson.Named<MigrationErrorCode>(),
        },
    });

    public static JsonTypeInfo<LinkResult> Result => _context.LinkResult;
}
