using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Record;
using DataPlane.Cli.Run;
using DataPlane.Cli.Units;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Traces;
using DataPlane.Guests;
using DataPlane.Guests.Recording;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane record</c>: which pages a guest, or another process, writes when.</summary>
internal sealed class RecordCommand
{
    /// <summary>For what the guest does while nothing is tracked: a burst and its silence.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromSeconds(1);

    private readonly RecordOptionSet _options = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("record", "Record a dirty trace: which pages of a guest's memory, or of another process's, are written when.").With(_options.All);
        command.SetAction((parse, _) => RunAsync(parse, streams));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, ProgramStreams streams)
    {
        await using var display = ProgressDisplay.Of(streams, _options.Progress.Value(parse));
        using var interrupts = new Interrupts(leaveCtrlC: false, () => display.Note("interrupted: ending the trace; once more to quit at once"));
        try
        {
            using var json = new JsonOutput(_options.Json.Value(parse), streams.Out);
            var report = await RecordAsync(parse, display, interrupts.Token);
            display.Show(null);
            var written = json.TryWrite(report.ToJson(), line => display.Say($"dataplane record: {line}"));
            if (!json.TakesStandardOutput) RecordText.Write(streams.Out, report);
            return interrupts.Happened ? ExitCodes.Interrupted : written ? ExitCodes.Completed : ExitCodes.LackOfResources;
        }
        catch (UsageException wrong)
        {
            return Fail(display, wrong.Message, ExitCodes.Usage);
        }
        catch (MigrationException fault)
        {
            return Fail(display, fault.Error.Message, ExitCodes.Of(fault.Error.Code, interrupts.Happened));
        }
        catch (OperationCanceledException) when (interrupts.Happened)
        {
            return Fail(display, "interrupted before the recording began", ExitCodes.Interrupted);
        }
        catch (DirtySourceUnavailableException missing)
        {
            return Fail(display, missing.Message, ExitCodes.LackOfResources);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            return Fail(display, fault.Message, ExitCodes.LackOfResources);
        }
    }

    private Task<RecordReport> RecordAsync(ParseResult parse, ProgressDisplay display, CancellationToken cancel)
    {
        if (_options.Pid.Value(parse) is { } pid) return RecordProcessAsync(parse, pid, display, cancel);
        return _options.Mapping.Value(parse) is null ? RecordGuestAsync(parse, display, cancel)
            : throw new UsageException("--mapping: it is a process's, so it goes with --pid.");
    }

    private async Task<RecordReport> RecordProcessAsync(ParseResult parse, int pid, ProgressDisplay display, CancellationToken cancel)
    {
        var mapping = _options.ReadMapping(parse, pid);
        using var file = Create(_options.Out.Value(parse));
        using var pages = new ProcessPages(pid, mapping);
        display.Note($"process {pid}: {ForPeople.Size(mapping.Length)} at {mapping}, by comparing its contents: what is written with what was there is not seen");
        var recorder = new DirtyRecorder(pages, file, string.Create(
            CultureInfo.InvariantCulture, $"process {pid}, {mapping}; by comparing contents every {Duration.Write(_options.Interval.Value(parse))}"));
        try
        {
            var trace = await RunAsync(recorder, parse, display, cancel);
            return RecordReport.Of(_options.Out.Value(parse), trace, pages.Method, recorder.Progress, null);
        }
        catch (IOException gone)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.HostFailed, MigrationSide.Source, "record", $"{gone.Message} What was recorded before, {ForPeople.Counted(recorder.Progress.Steps, "step")}, is in {_options.Out.Value(parse)}."), gone);
        }
    }

    private async Task<RecordReport> RecordGuestAsync(ParseResult parse, ProgressDisplay display, CancellationToken cancel)
    {
        var choice = GuestChoice.Make(_options.Guest.Guest.Value(parse), MigrationSide.Source);
        if (choice.Note is not null) display.Note(choice.Note);
        var seed = _options.Guest.Seed.Value(parse) ?? (ulong)Random.Shared.Next();
        var options = _options.Guest.Read(parse, MigrationSide.Source, choice.Kind, seed, poison: false) with { DirtySource = _options.DirtySource.Value(parse) };
        OptionFaults.Throw(options.Validate());
        using var file = Create(_options.Out.Value(parse));
        var words = $"{MigrationSession.MachineWords(options)}, dirty {DirtyWords.Of(options.Orders)}, seed {seed}";
        display.Note(words);
        display.Show(() => $"filling {ForPeople.Size(options.MemoryBytes)} of memory");
        using var guest = await Task.Run(() => Guest.CreateSource(options), cancel);
        using var pages = new TrackedPages(guest.CreateDirtySource(options.DirtySource), guest.Memory);
        guest.Start();
        display.Show(() => "the guest runs, untracked, to know its rate");
        var (before, _) = await RateAsync(guest, () => Task.Delay(_before, cancel));
        var recorder = new DirtyRecorder(pages, file, string.Create(
            CultureInfo.InvariantCulture, $"{words}; by {pages.Method} every {Duration.Write(_options.Interval.Value(parse))}"));
        DirtyTrace trace = null!;
        var (achieved, written) = await RateAsync(guest, async () => trace = await RunAsync(recorder, parse, display, cancel));
        await guest.PauseAsync(CancellationToken.None);
        return RecordReport.Of(
            _options.Out.Value(parse), trace, pages.Method, recorder.Progress, new RecordedGuestReport(options.Orders.MeanBytesPerSecond, before, achieved, written));
    }

    private Task<DirtyTrace> RunAsync(DirtyRecorder recorder, ParseResult parse, ProgressDisplay display, CancellationToken cancel)
    {
        var duration = _options.Time.Value(parse);
        display.Show(() => Status(recorder.Progress, duration));
        return recorder.RunAsync(_options.Interval.Value(parse), duration, cancel);
    }

    private static string Status(RecordingProgress progress, TimeSpan duration) => string.Create(
        CultureInfo.InvariantCulture,
        $"recording {progress.Elapsed.TotalSeconds:0.0} of {duration.TotalSeconds:0.#} s, {ForPeople.Counted(progress.Pages, "page")} in {ForPeople.Counted(progress.Steps, "step")}, reads take {ReadCostReport.Of(progress).SharePercent:0.#} % of the time");

    private static async Task<(double BytesPerSecond, long Pages)> RateAsync(IGuest guest, Func<Task> meanwhile)
    {
        var (count, since) = (guest.WriteCount, Stopwatch.GetTimestamp());
        await meanwhile();
        var written = guest.WriteCount - count;
        return (written * 4096 / Stopwatch.GetElapsedTime(since).TotalSeconds, written);
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out '{path}': expected a FILE that can be written ({FileWords.Of(path, fault)})");
        }
    }

    private static int Fail(ProgressDisplay display, string message, int code)
    {
        display.Show(null);
        display.Say($"dataplane record: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
