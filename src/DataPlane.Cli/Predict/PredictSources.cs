using System.CommandLine;
using System.Text;
using DataPlane.Cli.Report;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Core.Memory;
using DataPlane.Core.Traces;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Predict;

/// <summary>Puts together what a prediction is made from: what was measured, over it what was given, under it the defaults; and says which is which.</summary>
internal sealed class PredictSources(PredictOptionSet set, ParseResult parse)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Ethernet, IP and TCP take 5.1 % with an MTU of 1500 (1,448 of 1,526 bytes).
    private const double Payload = 0.94;

    // A trace of 64 MiB has some 20 million runs; beyond 2 GiB nothing in memory could hold it.
    private const long MostTrace = int.MaxValue - (1 << 20);

    private readonly List<PredictInput> _given = [];

    /// <summary>Throws <see cref="UsageException"/> for what is no such file, or does not fit together; <see cref="HttpRequestException"/> where nobody answers.</summary>
    public async Task<PredictOptions> ReadAsync(CancellationToken cancel)
    {
        var options = new PredictOptions { Migration = set.ReadMigration(parse) };
        if (set.Cores.Value(parse) is { } cores) options = options with { Machine = options.Machine with { Cores = cores } };
        var from = set.From.Value(parse);
        if (from is not null) options = await FromAsync(options, from, cancel);
        options = Link(options, from is not null);
        if (set.RoundTrip.Value(parse) is { } trip)
        {
            options = options with { Link = options.Link with { RoundTrip = trip } };
            Say("round trip", ForPeople.Time(trip), "given");
        }
        if (set.OneHost.Value(parse)) options = options with { Link = options.Link with { IsOneHost = true } };
        var known = options.Guest;
        var trace = set.Trace.Value(parse) is { } path ? Trace(path) : null;
        if (trace is not null && from is null) known = known with { MemoryBytes = trace.MemoryBytes };
        var guest = set.ReadGuest(parse, known, from is not null);
        if (trace is not null)
        {
            if (from is null && !PredictOptionSet.Given(parse, set.Memory)) guest = guest with { MemoryBytes = trace.MemoryBytes };
            if (guest.MemoryBytes != trace.MemoryBytes)
                throw new UsageException(
                    $"--trace '{set.Trace.Value(parse)}': it is of a memory of {ByteSize.Write(trace.MemoryBytes)}, and the guest has {ByteSize.Write(guest.MemoryBytes)}; a trace tells of pages of a memory of its own size.");
            guest = guest with { Trace = trace };
        }
        Tell(guest, from is not null);
        options = options with { Guest = guest };
        OptionFaults.Throw(options.Validate());
        return options with { Inputs = Told(options) };
    }

    /// <summary>Whether that is asked over the network and not read from a file.</summary>
    public static bool IsMetrics(string from) => from.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private async Task<PredictOptions> FromAsync(PredictOptions options, string from, CancellationToken cancel)
    {
        if (IsMetrics(from)) return await FromMetricsAsync(options, from, cancel);
        const string Expected = "the result document of a migration's source, schema \"dataplane.migration/1\", or http://HOST:PORT/metrics of one under way";
        var documents = ReportReader.ReadFor("--from", from, Expected);
        try
        {
            return LearnedFromResult.Put(options, documents[^1].Result, documents[^1].Name);
        }
        catch (ArgumentException useless)
        {
            throw new UsageException($"--from '{from}': expected {Expected}; {useless.Message}.");
        }
    }

    private async Task<PredictOptions> FromMetricsAsync(PredictOptions options, string url, CancellationToken cancel)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw new UsageException($"--from '{url}': expected a FILE with a result document, or http://HOST:PORT/metrics");
        using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = 16 << 20 };
        var text = Encoding.UTF8.GetString(await client.GetByteArrayAsync(address, cancel)); // Whatever character set it claims.
        if (LearnedFromMetrics.Read(text) is not { } learned)
            throw new UsageException($"--from '{url}': no migration is under way there, so that there is nothing to learn of a guest.");
        if (learned.DirtyBytesPerSecond is null && !PredictOptionSet.Given(parse, set.Dirty))
            throw new UsageException($"--from '{url}': the migration there is in its first pass, and has not measured how fast its guest dirties memory: ask again in the second, or say it with --dirty.");
        return learned.Put(options, url);
    }

    private PredictOptions Link(PredictOptions options, bool isKnown)
    {
        var text = set.Link.Value(parse);
        var given = PredictOptionSet.Given(parse, set.Link);
        if (!given && isKnown) return options;
        if (!ByteRate.TryParse(text, out var rate)) return LinkDocument.Read(text).Put(options, Path.GetFileName(text));
        if (rate == 0) throw new UsageException($"--link '{text}': expected {set.Link.Form}");
        Say("link", $"{ForPeople.BitRate(rate)}, of which {ForPeople.BitRate(rate * Payload)} are left by Ethernet, IP and TCP", given ? "given" : "default");
        return options with { Link = options.Link with { BytesPerSecond = rate * Payload } };
    }

    private static DirtyTrace Trace(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostTrace }) throw new UsageException($"--trace '{path}': it is longer than 2 GiB.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--trace '{path}': expected a FILE with a dirty trace ({FileWords.Of(path, fault)})");
        }
        return !DirtyTraceReader.TryRead(bytes, out var trace, out var wrong) ? throw new UsageException($"--trace '{path}': {wrong}")
            : trace.Steps.IsEmpty ? throw new UsageException($"--trace '{path}': it has no step, so that it tells nothing of how the guest writes.") : trace;
    }

    private void Tell(PredictGuest guest, bool isKnown)
    {
        var trace = guest.Trace;
        Of(set.Memory, "memory", ForPeople.Size(guest.MemoryBytes), trace is null ? null : "the trace");
        if (trace is not null)
        {
            var written = trace.Steps.Sum(step => step.PageCount) * PageGeometry.PageSize / trace.Duration.TotalSeconds;
            Say("dirty rate", $"{ForPeople.Rate(written)} on average over {ForPeople.Time(trace.Duration)}, {ForPeople.Counted(trace.Steps.Length, "step")}{(trace.IsWhole ? "" : "; cut off behind the last of them")}", "the trace");
        }
        else
        {
            Of(set.Dirty, "dirty rate", ForPeople.Rate(guest.DirtyBytesPerSecond));
            if (!isKnown || PredictOptionSet.Given(parse, set.Pattern)) Of(set.Pattern, "pattern", guest.Pattern.ToString().ToLowerInvariant());
            if (guest.Pattern is PredictPattern.HotCold or PredictPattern.Burst) Of(set.WorkingSet, "working set", ForPeople.Size(guest.WorkingSetBytes));
        }
        if (!isKnown || PredictOptionSet.Given(parse, set.Fill) || PredictOptionSet.Given(parse, set.Zero) || PredictOptionSet.Given(parse, set.Compressible))
            Say("contents", FormattableString.Invariant($"{guest.ZeroShare * 100:0.#} % zero pages, {guest.CompressibleShare * 100:0.#} % compressible"),
                PredictOptionSet.Given(parse, set.Zero) || PredictOptionSet.Given(parse, set.Compressible) || PredictOptionSet.Given(parse, set.Fill) ? "given" : "default");

        void Of(Option option, string name, string value, string? elsewhere = null)
        {
            if (PredictOptionSet.Given(parse, option)) Say(name, value, "given");
            else if (!isKnown) Say(name, value, elsewhere ?? "default");
        }
    }

    private void Say(string name, string value, string origin) => _given.Add(new PredictInput(name, value, origin));

    /// <summary>What was given replaces what was learned; what is neither is a guess, and said to be one.</summary>
    private List<PredictInput> Told(PredictOptions options)
    {
        var inputs = options.Inputs.Where(input => _given.All(given => given.Name != input.Name)).ToList();
        inputs.InsertRange(0, _given);
        var machine = options.Machine;
        void Guess(string name, FormattableString value)
        {
            if (inputs.All(input => input.Name != name)) inputs.Add(new PredictInput(name, FormattableString.Invariant(value), "guess"));
        }

        Guess("round trip", $"{options.Link.RoundTrip.TotalMicroseconds:0} us");
        if (inputs.All(input => input.Name is not "finding pages")) Guess("a page's CPU time", $"{machine.SendUs:0.##} us at the sender, {machine.ReceiveUs:0.##} us at the receiver");
        Guess("setup", $"{machine.Setup.TotalMilliseconds:0} ms");
        Guess("steps of the blackout", $"medians of first blackouts of the program");
        return inputs;
    }
}
