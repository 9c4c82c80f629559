using System.Globalization;
using System.Text.Json;
using DataPlane.Core.Traces;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary><c>record</c> from the command line to the file, and back by <c>--replay</c>.</summary>
[Collection("programs")]
public sealed class RecordCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATrace_IsRecorded_Replayed_AndRefusedByAnotherMemory()
    {
        var file = _folder.At("guest.trace");
        var run = await RecordAsync(file, "--memory 16MiB --dirty 20MiB/s --working-set 1MiB --json -");
        Assert.Equal(0, run.Code);
        using var document = JsonDocument.Parse(run.Out);
        var report = document.RootElement;
        Assert.Equal("dataplane.record/1", report.GetProperty("schema").GetString());
        Assert.True(report.GetProperty("pages").GetInt64() > 0);
        Assert.True(report.GetProperty("guest").GetProperty("written-pages").GetInt64() > 0);
        Assert.True(report.GetProperty("working-set-1s").GetProperty("largest-bytes").GetInt64() <= 16 << 20);
        Assert.True(DirtyTraceReader.TryRead(await File.ReadAllBytesAsync(file), out var trace, out _));
        Assert.Equal((16L << 20, true), (trace.MemoryBytes, trace.IsWhole));
        Assert.Contains("20 MiB/s hotcold", trace.Origin, StringComparison.Ordinal);

        var replayed = await RecordAsync(_folder.At("again.trace"), $"--memory 16MiB --replay {file}");
        Assert.Equal(0, replayed.Code);
        Assert.Contains("as recorded in", replayed.Error, StringComparison.Ordinal);
        Assert.Contains("dirty rate:", replayed.Out, StringComparison.Ordinal);
        Assert.True(DirtyTraceReader.TryRead(await File.ReadAllBytesAsync(_folder.At("again.trace")), out var again, out _));
        Assert.Empty(Pages(again).Except(Pages(trace)));

        var refused = await RecordAsync(_folder.At("refused.trace"), $"--memory 32MiB --replay {file}");
        Assert.Equal(2, refused.Code);
        Assert.Contains("--replay", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"{16 << 20} bytes", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"has {32 << 20}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherProcess_IsRecordedByItsContents()
    {
        var file = _folder.At("process.trace");
        await using var receiver = ProgramProcess.Start("receive --listen tcp:127.0.0.1:0 --guest synthetic --memory 16MiB");
        _ = await receiver.AddressAsync();
        var run = await ProgramRun.OfAsync(
            "record", "--out", file, "--pid", receiver.Id.ToString(CultureInfo.InvariantCulture), "--mapping", GuestRamOf(receiver.Id), "--duration", "100ms", "--interval", "20ms", "--progress", "none");
        Assert.True(run.Code == 0, run.Error);
        Assert.True(DirtyTraceReader.TryRead(await File.ReadAllBytesAsync(file), out var trace, out _));
        Assert.Equal(16L << 20, trace.MemoryBytes);
        Assert.Contains("guest-ram", trace.Origin, StringComparison.Ordinal);
    }

    private static string GuestRamOf(int pid) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps")).First(line => line.Contains("guest-ram", StringComparison.Ordinal)).Split('-')[0];

    private static HashSet<long> Pages(DirtyTrace trace) =>
        [.. trace.Steps.SelectMany(step => step.Pages).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.First + i))];

    private static Task<ProgramRun> RecordAsync(string file, string line) => ProgramRun.OfAsync(
        ["record", "--out", file, "--guest", "synthetic", "--duration", "300ms", "--interval", "20ms", "--seed", "3", .. line.Split(' ')]);
}
