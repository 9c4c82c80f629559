using System.Text;
using System.Text.Json;
using DataPlane.Cli.Run;
using DataPlane.Results;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Report;

/// <summary>
/// Reads documents from a file: one, or several behind each other as <c>receive --keep-listening --json</c> writes them; the runs of a
/// <c>dataplane.stress/1</c>. Files come from anywhere: what is no such document is refused with the file's name.
/// </summary>
internal sealed class ReportReader
{
    private const string Migration = "dataplane.migration/1";
    private const string Stress = "dataplane.stress/1";
    private const string Link = "dataplane.link/1";

    /// <summary>Some 5,000 documents of 12 KiB; what is more is no result, and would not be a page that a browser opens either.</summary>
    private const int MostBytes = 64 << 20;

    private readonly string _path;
    private readonly string _subject;
    private readonly string _expected;
    private readonly bool _isForPage;

    private ReportReader(string path, string subject, string expected, bool isForPage) => (_path, _subject, _expected, _isForPage) = (path, subject, expected, isForPage);

    /// <summary>All that a page can be made of. Throws <see cref="UsageException"/> with one sentence.</summary>
    public static ReportContents ReadAll(string path) =>
        new ReportReader(path, $"'{path}'", $"result documents as --json writes them, schema \"{Migration}\", \"{Stress}\" or \"{Link}\"", isForPage: true).ReadContents();

    /// <summary>Its migrations, where it holds nothing else. Throws <see cref="UsageException"/> with one sentence.</summary>
    public static IReadOnlyList<ReportDocument> Read(string path) =>
        new ReportReader(path, $"'{path}'", $"result documents of migrations as --json writes them, schema \"{Migration}\" or \"{Stress}\"", isForPage: false).ReadMigrations();

    /// <summary>The same of a file that <paramref name="option"/> names, which accepts <paramref name="expected"/>.</summary>
    public static IReadOnlyList<ReportDocument> ReadFor(string option, string path, string expected) =>
        new ReportReader(path, $"{option} '{path}'", expected, isForPage: false).ReadMigrations();

    /// <summary>The measurement of a link in a file that <paramref name="option"/> names, the last where it holds several. Throws <see cref="UsageException"/> with one sentence.</summary>
    public static LinkResult ReadLink(string option, string path, string expected) => new ReportReader(path, $"{option} '{path}'", expected, isForPage: false).ReadLink();

    private ReportContents ReadContents()
    {
        var roots = Parse(Load());
        var links = roots.Where(root => Schema(root) == Link).ToList();
        var runs = roots.Where(root => Schema(root) != Link).SelectMany(Runs).ToList();
        if (runs.Count + links.Count == 0) throw Refused("it holds no run");
        return new ReportContents(
            Named(runs, (document, name, i) => new ReportDocument(
                RunTags.Of(document) is { } tags ? $"run {i}: {tags.Title}" : name, Result(i, document), document.GetRawText())),
            Named(links, (document, name, i) => new LinkDocument(name, LinkResultOf(i, document), document.GetRawText())));
    }

    private IReadOnlyList<ReportDocument> ReadMigrations()
    {
        var contents = ReadContents();
        return contents.Links.Count == 0 ? contents.Migrations : throw Refused($"it holds a \"{Link}\", which is no migration");
    }

    private LinkResult ReadLink()
    {
        var roots = Parse(Load());
        foreach (var root in roots)
            if (Schema(root) is var schema and not Link) throw Refused(schema is null ? "it says no \"schema\"" : $"its schema is \"{schema}\"");
        return roots.Count == 0 ? throw Refused("it is empty") : LinkResultOf(roots.Count, roots[^1]);
    }

    private List<T> Named<T>(List<JsonElement> documents, Func<JsonElement, string, int, T> read)
    {
        var name = Path.GetFileName(_path);
        return [.. documents.Select((document, i) => read(document, documents.Count == 1 ? name : $"{name} ({i + 1} of {documents.Count})", i + 1))];
    }

    private byte[] Load()
    {
        try
        {
            using var file = File.OpenRead(_path);
            using var copy = new MemoryStream();
            var buffer = new byte[1 << 16];
            // Counted and not asked for: a pipe or a device has no length.
            while (file.Read(buffer) is > 0 and var read)
            {
                if (copy.Length + read > MostBytes) throw Refused("it is longer than 64 MiB");
                copy.Write(buffer, 0, read);
            }
            return copy.ToArray();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Refused(FileWords.Of(_path, fault));
        }
    }

    private List<JsonElement> Parse(byte[] bytes)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            ReadOnlySpan<byte> text = bytes;
            if (text.StartsWith("\uFEFF"u8)) text = text[3..];
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true });
            var roots = new List<JsonElement>();
            while (reader.Read()) roots.Add(JsonElement.ParseValue(ref reader));
            return roots;
        }
        catch (DecoderFallbackException)
        {
            throw Refused("it is not UTF-8 text");
        }
        catch (JsonException fault)
        {
            throw Refused(JsonWords.NoJson(fault));
        }
    }

    private JsonElement[] Runs(JsonElement root)
    {
        switch (Schema(root))
        {
            case Migration:
                return [root];
            case Stress when root.TryGetProperty("runs", out var runs) && runs.ValueKind == JsonValueKind.Array:
                return [.. runs.EnumerateArray()];
            case Stress:
                throw Refused("its \"runs\" are missing");
            case "dataplane.predict/1":
                throw Refused(_isForPage ? "it is a prediction, which has no page: hold what it says against the report of a run" : "it is a prediction, and no run");
            case { } other:
                throw Refused($"its schema is \"{other}\"");
            default:
                throw Refused("it says no \"schema\"");
        }
    }

    private static string? Schema(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.String) return null;
        try
        {
            return schema.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Escapes of half a character.
        }
    }

    private MigrationResult Result(int number, JsonElement document)
    {
        try
        {
            var result = Schema(document) == Migration ? document.Deserialize(ResultReadJson.Result) : null;
            return result is null ? throw Refused($"document {number} in it has another schema")
                : HasHoles(result) ? throw Refused($"document {number} in it has null in a list") : result;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Refused($"document {number} in it is not whole: {JsonWords.NotWhole(fault)}");
        }
    }

    private LinkResult LinkResultOf(int number, JsonElement document)
    {
        try
        {
            var result = document.Deserialize(LinkReadJson.Result);
            return result is null || HasHoles(result) ? throw Refused($"link {number} in it has null in a list") : result;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Refused($"link {number} in it is not whole: {JsonWords.NotWhole(fault)}");
        }
    }

    private static bool HasHoles(LinkResult link) =>
        AnyNull(link.Intervals) || link.Intervals.Any(interval => AnyNull(interval.Channels)) || AnyNull(link.Channels) || AnyNull(link.Directions) || AnyNull(link.Sweep)
        || AnyNull(link.Environment.Options.Values);

    /// <summary>Whether a list that is shown has null for an item, which the reader of JSON does not look for.</summary>
    private static bool HasHoles(MigrationResult result) =>
        AnyNull(result.Attempts) || AnyNull(result.GuestWork?.Samples) || AnyNull(result.Warnings) || AnyNull(result.Passes) || AnyNull(result.Samples)
        || AnyNull(result.Channels)
        || AnyNull(result.Forecast?.Parts) || AnyNull(result.Compression?.Codecs) || AnyNull(result.Environment?.Options.Values)
        || AnyNull(result.DowntimeBreakdown?.Segments) || AnyNull(result.DowntimeBreakdown?.Stages);

    private static bool AnyNull<T>(IEnumerable<T>? items)
        where T : class => items?.Any(item => item is null) ?? false;

    private UsageException Refused(string why) => new($"{_subject}: expected {_expected}; {why.ReplaceLineEndings(" ").TrimEnd('.')}.");
}
