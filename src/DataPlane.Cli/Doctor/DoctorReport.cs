using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataPlane.Cli.Options;

namespace DataPlane.Cli.Doctor;

/// <summary>All checks as a document.</summary>
/// <param name="CanMigrate">Whether a migration can work on this host.</param>
/// <param name="Checks">In the order in which people read them.</param>
/// <param name="Peer">The other host, where one was named.</param>
internal sealed record DoctorReport(
    bool CanMigrate, IReadOnlyList<DoctorReport.Item> Checks, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PeerReport? Peer)
{
    private static readonly DoctorReportJson _context =
        new(new JsonSerializerOptions(DoctorReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = "dataplane.doctor/1";

    public static DoctorReport Of(IReadOnlyList<Check> checks) => new(
        !checks.Any(check => check is { Essential: true, Status: CheckStatus.Missing }),
        [.. checks.Select(ItemOf)], Peer: null);

    /// <summary>With another host, which has to do as well.</summary>
    public DoctorReport With(PeerFindings found) => this with { CanMigrate = CanMigrate && found.CanMigrate, Peer = PeerReport.Of(found) };

    /// <summary>With another host that could not be examined: of a migration there nothing is known.</summary>
    public DoctorReport With(string address, PeerException fault) => this with { CanMigrate = false, Peer = PeerReport.Of(address, fault) };

    public static Item ItemOf(Check check) => new(check.Group, check.Name, Readers.Name(check.Status), check.Found, check.Meaning, check.Fix);

    public string ToJson() => JsonSerializer.Serialize(this, _context.DoctorReport);

    /// <summary>One check as the document has it.</summary>
    internal sealed record Item(string Group, string Name, string Status, string Found, string Meaning, string? Fix);
}
