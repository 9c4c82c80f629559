using System.Text.Json;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Handover;
using DataPlane.Linux.Journal;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class HandoverCommandTests : IDisposable
{
    private const string Image = "10203040-5060-7080-90a0-b0c0d0e0f001";

    private static readonly HandoverKey Source = new(Guid.Parse(Image), 1, MigrationSide.Source);
    private static readonly HandoverKey Destination = Source with { Side = MigrationSide.Destination };

    private readonly TemporaryFolder _folder = new();
    private readonly HandoverJournal _journal;

    public HandoverCommandTests() => _journal = HandoverJournal.Open(_folder.At("journal"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_shows_every_attempt_and_tells_by_its_exit_code_that_one_is_uncertain()
    {
        Leave(Source with { Attempt = 2 }, false, HandoverRecord.Kept);
        var settled = await RunAsync("status");
        Assert.Equal((0, ""), (settled.Code, settled.Error));
        Assert.Contains("open > kept", settled.Out, StringComparison.Ordinal);
        Leave(Source, false, HandoverRecord.Given);
        var uncertain = await RunAsync("status");
        Assert.Equal(8, uncertain.Code);
        Assert.Contains("open > given", uncertain.Out, StringComparison.Ordinal);
        Assert.Contains("uncertain", uncertain.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_writes_a_document()
    {
        using var held = _journal.Begin(Destination, default, arbiter: true);
        _ = held.Write(HandoverRecord.Prepared);
        var run = await RunAsync("status --json -");
        Assert.Equal(8, run.Code);
        var document = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal("dataplane.handover/1", document.GetProperty("schema").GetString());
        var attempt = Assert.Single(document.GetProperty("attempts").EnumerateArray());
        Assert.Equal(Image, attempt.GetProperty("image").GetString());
        Assert.Equal("destination", attempt.GetProperty("side").GetString());
        Assert.Equal("uncertain", attempt.GetProperty("owner").GetString());
        Assert.True(attempt.GetProperty("held").GetBoolean() && attempt.GetProperty("arbiter").GetBoolean() && attempt.GetProperty("this-boot").GetBoolean());
        Assert.Equal(["open", "prepared"], attempt.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("record").GetString()));
    }

    [Theory]
    [InlineData("source", HandoverRecord.Kept)]
    [InlineData("destination", HandoverRecord.Released)]
    public async Task Operators_verdict_is_recorded_when_the_other_side_is_vouched_to_be_off(string to, object stands)
    {
        Leave(Source, false, HandoverRecord.Given);
        var asked = await RunAsync($"resolve --image {Image} --to {to}");
        Assert.Equal(2, asked.Code);
        Assert.Contains("--other-side-is-off", asked.Error, StringComparison.Ordinal);
        var told = await RunAsync($"resolve --image {Image} --to {to} --other-side-is-off");
        Assert.Equal((0, ""), (told.Code, told.Error));
        Assert.Equal(stands, _journal.Read(Source).Entries[^1].Record);
        Assert.Equal(0, (await RunAsync($"resolve --image {Image} --to {to} --other-side-is-off")).Code);
        Assert.Equal(0, (await RunAsync("status")).Code);
    }

    [Theory]
    [InlineData(HandoverRecord.Taken, "source")]
    [InlineData(HandoverRecord.Never, "destination")]
    public async Task Records_that_say_otherwise_are_not_overruled(object record, string to)
    {
        Leave(Destination, false, HandoverRecord.Prepared, (HandoverRecord)record);
        var run = await RunAsync($"resolve --image {Image} --to {to} --other-side-is-off");
        Assert.Equal(1, run.Code);
        Assert.Contains(record.ToString()!.ToLowerInvariant(), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_lives_is_not_overruled()
    {
        using var held = _journal.Begin(Source, default, arbiter: false);
        _ = held.Write(HandoverRecord.Given);
        var run = await RunAsync($"resolve --image {Image} --to source --other-side-is-off");
        Assert.Equal(8, run.Code);
        Assert.Contains("lives", run.Error, StringComparison.Ordinal);
        Assert.Equal(HandoverRecord.Given, _journal.Read(Source).Entries[^1].Record);
    }

    [Fact]
    public async Task Attempt_with_an_arbiter_is_decided_by_it_even_while_its_process_lives()
    {
        using var held = _journal.Begin(Source, default, arbiter: true);
        _ = held.Write(HandoverRecord.Given);
        _ = Directory.CreateDirectory(_folder.At("arbiter"));
        _ = FileArbiter.Create(_folder.At("arbiter"));
        Assert.Equal(2, (await RunAsync($"resolve --image {Image} --to source --other-side-is-off")).Code);
        Assert.Equal(0, (await RunAsync($"resolve --image {Image} --to source --arbiter {_folder.At("arbiter")}")).Code);
        var late = await RunAsync($"resolve --image {Image} --to destination --arbiter {_folder.At("arbiter")}");
        Assert.Equal(1, late.Code);
        Assert.Contains("awarded", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_records_stay_uncertain()
    {
        Leave(Source, false, HandoverRecord.Given);
        using (var raw = File.OpenWrite(Path.Combine(_journal.Folder, Source.FileName))) raw.SetLength(100);
        Assert.Equal(8, (await RunAsync("status")).Code);
        Assert.Equal(8, (await RunAsync($"resolve --image {Image} --to source --other-side-is-off")).Code);
    }

    [Theory]
    [InlineData("resolve --to source", "--image")]
    [InlineData("resolve --image 7 --to source", "--image")]
    [InlineData($"resolve --image {Image} --to me", "source or destination")]
    [InlineData($"resolve --image {Image} --attempt 0 --to source", "--attempt")]
    [InlineData($"resolve --image {Image} --to source --other-side-is-off", "no record")]
    [InlineData("status --bogus", "--bogus")]
    public async Task Wrong_usage_gets_one_line(string line, string word)
    {
        var run = await RunAsync(line);
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("dataplane handover ", run.Error, StringComparison.Ordinal);
        Assert.Contains(word, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_without_a_journal_is_named()
    {
        var run = await ProgramRun.OfAsync("handover", "status", "--journal", _folder.At("none"));
        Assert.Equal(9, run.Code);
        Assert.Contains(_folder.At("none"), run.Error, StringComparison.Ordinal);
    }

    private Task<ProgramRun> RunAsync(string line) => ProgramRun.OfAsync([.. $"handover {line}".Split(' '), "--journal", _journal.Folder]);

    private void Leave(HandoverKey key, bool arbiter, params HandoverRecord[] records)
    {
        using var file = _journal.Begin(key, default, arbiter);
        foreach (var record in records)
            Assert.Equal(RecordOutcome.Written, file.Write(record));
    }
}
