using System.Text.Json;
using DataPlane.Tests.Cli;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>
/// The VMM in C, which has nothing of this project but the header, the library and the guest's code, against itself and against the
/// program: each migration between two processes, every page compared, the guest going on at the destination with its memory whole.
/// </summary>
[Collection("machine")]
public sealed class VmmMigrationTests(Vmm vmm) : IClassFixture<Vmm>
{
    private const string Destination = "tcp:127.0.0.1:0";
    private const long MidPass = 20 << 20;

    private static readonly string RunFor = $"{TestSet.Patience(TimeSpan.FromMilliseconds(800)).TotalMilliseconds}ms";

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    [InlineData(2, 8)]
    public async Task From_the_vmm_to_the_vmm(int vcpus, int channels)
    {
        var guest = $"--memory 64MiB --vcpus {vcpus} --working-set 8MiB";
        await using var receive = vmm.Start($"receive {Destination} --poison --run-for {RunFor} {guest}");
        await using var send = vmm.Start($"send {await receive.AddressAsync()} {guest} --channels {channels} --downtime-limit 30ms --verify full --json");
        await MovedGuest.AssertArrivesWholeAsync(send, receive, channels);
    }

    [SkippableTheory]
    [InlineData(1, 2)]
    [InlineData(4, 4)]
    public async Task From_the_vmm_to_the_program(int vcpus, int channels)
    {
        var guest = $"--memory 64MiB --vcpus {vcpus} --working-set 8MiB";
        await using var receive = Program($"receive --listen {Destination} --guest kvm --poison --run-for {RunFor} {guest}");
        await using var send = vmm.Start($"send {await receive.AddressAsync()} {guest} --channels {channels} --downtime-limit 30ms --verify full --json");
        await MovedGuest.AssertArrivesWholeAsync(send, receive, channels);
    }

    /// <summary>Also with patterns of which the VMM has neither the table nor the rhythm: both come with the guest.</summary>
    [SkippableTheory]
    [InlineData(1, 2, "hotcold")]
    [InlineData(4, 4, "uniform")]
    [InlineData(2, 2, "zipf")]
    [InlineData(1, 2, "burst")]
    public async Task From_the_program_to_the_vmm(int vcpus, int channels, string pattern)
    {
        var guest = $"--memory 64MiB --vcpus {vcpus}";
        // A burst is followed by half a second of silence: the time that it runs on is longer.
        await using var receive = vmm.Start($"receive {Destination} --poison --run-for {RunFor} {guest}");
        await using var send = Program(
            $"send --to {await receive.AddressAsync()} --guest kvm {guest} --pattern {pattern} --working-set 8MiB --channels {channels} --downtime-limit 30ms --verify full --json -");
        await MovedGuest.AssertArrivesWholeAsync(send, receive, channels);
    }

    [SkippableFact]
    public async Task Destination_killed_in_mid_pass_the_guest_goes_on_at_the_source()
    {
        const string Guest = "--memory 64MiB --vcpus 2";
        await using var receive = vmm.Start($"receive {Destination} {Guest}");
        using var relay = new CutRelay(await receive.AddressAsync(), MidPass, relay =>
        {
            relay.Slow();
            receive.Kill();
        });
        await using var send = vmm.Start($"send {relay.Address} {Guest} --downtime-limit 1ms");
        var (code, output, errors) = await send.EndAsync();
        Assert.Equal(1, code);
        Assert.StartsWith("failed: the guest stayed on the source", output, StringComparison.Ordinal);
        Assert.Contains("guest at the source: ran on here", output, StringComparison.Ordinal);
        Assert.Contains("invariant holds", output, StringComparison.Ordinal);
        Assert.Contains("vmm: source, ", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Interrupt_in_mid_pass_cancels_and_the_guest_goes_on_at_the_source()
    {
        const string Guest = "--memory 64MiB";
        await using var receive = vmm.Start($"receive {Destination} {Guest}");
        var midPass = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var relay = new CutRelay(await receive.AddressAsync(), MidPass, relay =>
        {
            relay.Slow();
            midPass.SetResult();
        });
        await using var send = vmm.Start($"send {relay.Address} {Guest} --downtime-limit 1ms --json");
        await midPass.Task;
        await send.InterruptAsync();
        var (code, output, errors) = await send.EndAsync();
        Assert.Equal(130, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("cancelled", document.RootElement.GetProperty("status").GetString());
        Assert.Contains("invariant holds", errors, StringComparison.Ordinal);
        Assert.Equal(1, (await receive.EndAsync()).Code);
    }

    [SkippableFact]
    public async Task Other_memory_both_values_are_named_and_the_destination_goes_on_waiting()
    {
        await using var receive = vmm.Start($"receive {Destination} --memory 64MiB --run-for 100ms");
        var address = await receive.AddressAsync();
        await using var other = vmm.Start($"send {address} --memory 32MiB");
        var (code, output, errors) = await other.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("33554432 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("67108864 bytes", errors, StringComparison.Ordinal);
        Assert.Contains("invariant holds", output, StringComparison.Ordinal);

        await using var fitting = vmm.Start($"send {address} --memory 64MiB");
        Assert.Equal(0, (await fitting.EndAsync()).Code);
        Assert.Equal(0, (await receive.EndAsync()).Code);
    }

    [SkippableFact]
    public async Task Demo_ends_with_its_verdict()
    {
        vmm.OrSkip();
        await using var demo = ProgramProcess.StartFile(Path.Combine(Repository.Root, "interop", "demo"), "--memory 64MiB");
        var (code, output, errors) = await demo.EndAsync();
        Assert.True(code == 0, output + errors);
        Assert.Contains("verified: 16384 pages compared, 0 differ", output, StringComparison.Ordinal);
        Assert.EndsWith("with its memory whole\n", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Demo_on_a_host_without_KVM_says_what_is_missing_and_what_there_is_without_it()
    {
        Skip.If(File.Exists("/dev/kvm"), "This host has a /dev/kvm.");
        await using var demo = ProgramProcess.StartFile(Path.Combine(Repository.Root, "interop", "demo"), "");
        var (code, output, errors) = await demo.EndAsync();
        Assert.Equal((9, ""), (code, errors));
        Assert.StartsWith("NOT RUN: there is no /dev/kvm here", output, StringComparison.Ordinal);
        Assert.Contains("tests/native/move.c", output, StringComparison.Ordinal);
    }

    private ProgramProcess Program(string line)
    {
        vmm.OrSkip();
        return ProgramProcess.Start(line);
    }
}
