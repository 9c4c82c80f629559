using System.Text.Json;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary><c>send</c> and <c>receive</c> as a person starts them, in two terminals.</summary>
[Collection("programs")]
public sealed class TwoProcessTests
{
    private const string Guest = "--guest synthetic --memory 64MiB";

    /// <summary>Sends all of its memory, since only then does the rest fit.</summary>
    private const string Patient = Guest + " --fill random --downtime-limit 1ms --avail-switchover-bandwidth 1MiB/s";

    private const long MidPass = 20 << 20;

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "kvm", 1)]
    [InlineData(GuestKind.Kvm, "kvm", 2)]
    [InlineData(GuestKind.Kvm, "kvm", 8)]
    [InlineData(GuestKind.Synthetic, "synthetic", 1)]
    [InlineData(GuestKind.Synthetic, "synthetic", 2)]
    [InlineData(GuestKind.Synthetic, "synthetic", 8)]
    public async Task SendAndReceive_MoveAGuest(GuestKind kind, string name, int channels)
    {
        NeedsKvm.OrSkip(kind);
        var guest = $"--guest {name} --memory 64MiB --vcpus 2";
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --poison --run-for 200ms {guest}");
        await using var send = ProgramProcess.Start(
            $"send --to {await receive.AddressAsync()} {guest} --channels {channels} --verify full --downtime-limit 100ms --timeout 10s --on-timeout force --json -");
        await MovedGuest.AssertArrivesWholeAsync(send, receive, channels);
    }

    [Fact]
    public async Task DestinationKilledInMidPass_GuestIsSafe()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest}");
        using var relay = new CutRelay(await receive.AddressAsync(), MidPass, relay =>
        {
            relay.Slow();
            receive.Kill();
        });
        await using var send = ProgramProcess.Start($"send --to {relay.Address} {Patient}");
        var (code, output, errors) = await send.EndAsync();
        Assert.Equal(1, code);
        Assert.StartsWith("failed: the guest stayed on the source", output, StringComparison.Ordinal);
        Assert.Contains("having run on here; invariant holds", output, StringComparison.Ordinal);
        Assert.Matches("dataplane send: source, (pass|fence): ", errors);
    }

    [Fact]
    public async Task InterruptInMidPass_CancelsOnBothSides_WithResults()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest} --json -");
        var midPass = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var relay = new CutRelay(await receive.AddressAsync(), MidPass, relay =>
        {
            relay.Slow();
            midPass.SetResult();
        });
        await using var send = ProgramProcess.Start($"send --to {relay.Address} {Patient} --json -");
        await midPass.Task;
        await send.InterruptAsync();
        var (code, output, _) = await send.EndAsync();
        Assert.Equal(130, code);
        Assert.Equal(("cancelled", "cancelled"), StatusAndCode(output));
        var there = await receive.EndAsync();
        Assert.Equal(1, there.Code);
        Assert.Equal(("cancelled", "cancelled"), StatusAndCode(there.Out));
    }

    /// <summary>A guest that runs on may do so for days: its migration's result is not kept back until then.</summary>
    [Fact]
    public async Task GuestThatRunsOn_ItsResultIsThereAlready_AndIsReplacedAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("result.json");
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --json {file} {Guest}");
        await using var send = ProgramProcess.Start($"send --to {await receive.AddressAsync()} {Guest}");
        await receive.SaysAsync("runs on until Ctrl-C");
        var soFar = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        Assert.Equal("completed", soFar.GetProperty("status").GetString());
        Assert.Equal(0, (await send.EndAsync()).Code);
        await receive.InterruptAsync();
        Assert.Contains("invariant holds", (await receive.EndAsync()).Out, StringComparison.Ordinal);
        var whole = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        Assert.Equal(soFar.GetProperty("total-time").GetRawText(), whole.GetProperty("total-time").GetRawText());
    }

    [Fact]
    public async Task OtherMemory_BothValuesAreNamed_AndTheDestinationGoesOnWaiting()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 100ms {Guest}");
        var address = await receive.AddressAsync();
        await using var other = ProgramProcess.Start($"send --to {address} --guest synthetic --memory 32MiB");
        var (code, output, errors) = await other.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("33554432 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("67108864 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("having run on here; invariant holds", output, StringComparison.Ordinal);

        await using var fitting = ProgramProcess.Start($"send --to {address} {Guest}");
        Assert.Equal(0, (await fitting.EndAsync()).Code);
        Assert.Equal(0, (await receive.EndAsync()).Code);
    }

    [Fact]
    public async Task NobodyListens_CannotConnect()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 {Guest}");
        var address = await receive.AddressAsync();
        receive.Kill();
        _ = await receive.EndAsync();
        await using var send = ProgramProcess.Start($"send --to {address} {Guest} --json -");
        var (code, output, errors) = await send.EndAsync();
        Assert.Equal(3, code);
        Assert.Equal(("failed", "cannot-connect"), StatusAndCode(output));
        Assert.Contains($"{address}", errors, StringComparison.Ordinal);
    }

    private static (string?, string?) StatusAndCode(string json)
    {
        using var document = JsonDocument.Parse(json);
        return (document.RootElement.GetProperty("status").GetString(), document.RootElement.GetProperty("error").GetProperty("code").GetString());
    }
}
