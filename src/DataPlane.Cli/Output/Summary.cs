using DataPlane.Cli.Record;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>A result for people: how it ended, what it took, each pass, and where the blackout's time went.</summary>
internal static class Summary
{
    private const string AfterAMiss =
        "what to do: try again (--retries 1 sends only what changed), allow more (--switchover-limit), or look at the longest step above";

    public static void Write(TextWriter writer, MigrationResult result)
    {
        foreach (var attempt in result.Attempts) writer.WriteLine(AttemptLine(attempt));
        writer.WriteLine(Headline(result));
        WriteFacts(writer, result);
        if (result.Dirtying is { } dirtying) writer.WriteLine("guest:  " + DirtyProof.Words(dirtying));
        PassTable.Write(writer, result.Passes);
        if (result.DowntimeBreakdown is { } breakdown) Waterfall.Write(writer, breakdown);
        if (result.Error?.Code == MigrationErrorCode.LimitMissed) writer.WriteLine(AfterAMiss);
        if (result.Verify is { } verify) writer.WriteLine(VerifyLine(verify));
    }

    public static void WriteSourceGuest(TextWriter writer, SourceOutcome source) => writer.WriteLine(
        $"guest at the source:      stopped{(source.Stayed ? " by this program, having run on here" : "")}; {Words(source.Invariant)}");

    public static void WriteDestinationGuest(TextWriter writer, GuestReport guest) => writer.WriteLine(
        $"guest at the destination: ran on for {ForPeople.Milliseconds(guest.RanMs)}, wrote {ForPeople.Counted(guest.Written, "page")}, stopped; "
        + Words(guest.Invariant));

    /// <summary>How it ended, in one line.</summary>
    public static string Headline(MigrationResult result) => result.Status switch
    {
        MigrationStatus.Completed => "completed: the guest moved to the destination",
        MigrationStatus.Cancelled => "cancelled: the guest stayed on the source",
        MigrationStatus.Failed when result.Error?.Code == MigrationErrorCode.GuestLost => "failed: the destination had taken the guest, and lost it",
        MigrationStatus.Uncertain => "uncertain: the link was lost in the handover, and only an operator can say which side has the guest",
        _ when result.Error?.Code == MigrationErrorCode.LimitMissed => "called off: the blackout would have been longer than allowed; the guest stayed on the source",
        _ => "failed: the guest stayed on the source",
    };

    /// <summary>What the guest noticed in its own work, where anything of it is known.</summary>
    public static void WriteGuestWork(TextWriter writer, GuestWorkReport? work)
    {
        if (work is not { BeforeMillisecondsPerGigabyte: { } before }) return;
        var parts = new List<string> { $"{ForPeople.Milliseconds(before)} before" };
        if (work.DuringMillisecondsPerGigabyte is { } during)
            parts.Add($"{ForPeople.Milliseconds(during)} during the migration ({Percent(work.SlowdownPercent)})");
        if (work.AfterMillisecondsPerGigabyte is { } after) parts.Add($"{ForPeople.Milliseconds(after)} after it");
        writer.WriteLine($"the guest's own work:     10^9 bytes written in {string.Join(", ", parts)}");
    }

    private static string Percent(double? slowdown) => slowdown is not { } known ? "-"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Abs(known):0.#} % {(known < 0 ? "faster" : "slower")}");

    private static void WriteFacts(TextWriter writer, MigrationResult result)
    {
        var parts = new List<string>();
        if (result.TotalTime is { } total) parts.Add($"total {ForPeople.Milliseconds(total)}");
        if (result.SetupTime is { } setup) parts.Add($"setup {ForPeople.Milliseconds(setup)}");
        if (result.Downtime is { } downtime) parts.Add($"blackout {ForPeople.Milliseconds(downtime)}");
        if (result.ExpectedDowntime is { } expected) parts.Add($"expected {ForPeople.Milliseconds(expected)}");
        if (result.DowntimeLimit is { } limit) parts.Add($"limit {ForPeople.Milliseconds(limit)}{(result.SwitchoverLimit is { } more ? $" + {ForPeople.Milliseconds(more)}" : "")}");
        if (result.LimitExceededUs is { } over) parts.Add($"over the limit by {ForPeople.Microseconds(over)} us");
        if (parts.Count > 0) writer.WriteLine("time:   " + string.Join(", ", parts));
        if (result.Ram is not { } ram) return;
        var rate = ram.Mbps is { } megabits ? $" at {ForPeople.BitRate(megabits * 125_000)}" : "";
        writer.WriteLine(
            $"memory: {ForPeople.Size(ram.Total)}; {ForPeople.Size(ram.Transferred)} on the wire{rate}, {ForPeople.Counted(result.Channels.Count, "channel")}; "
            + $"{ForPeople.Counted(ram.Normal, "page")} with contents, {ForPeople.Count(ram.Duplicate)} zero");
        if (result.Bottleneck is { } bound) writer.WriteLine($"bound:  by {BottleneckWords.Of(bound)}");
    }

    private static string AttemptLine(AttemptReport attempt) =>
        $"attempt {attempt.Attempt}: {(attempt.Ram is { } ram ? $"{ForPeople.Size(ram.Transferred)} on the wire, " : "")}"
        + (attempt.Downtime is { } stood ? $"the guest stood still for {ForPeople.Milliseconds(stood)}: " : "") + attempt.Error?.Message;

    private static string VerifyLine(VerifyReport verify) => verify.Mode == DataPlane.Options.VerifyMode.Full
        ? $"verify full: {ForPeople.Counted(verify.Pages, "page")} compared, {ForPeople.Count(verify.Mismatched)} differ"
        : "verify digest: headers, counts and device state agreed";

    private static string Words(InvariantReport invariant) =>
        $"invariant {(invariant.Holds ? "holds" : "BROKEN")}: its pages count {ForPeople.Count(invariant.PageCounterSum)} writes, "
        + $"it made {ForPeople.Count(invariant.WriteCount)} (up to {invariant.Vcpus} may be half done)";
}
