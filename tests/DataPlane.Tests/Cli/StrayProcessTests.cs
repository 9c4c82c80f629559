using System.Net.Sockets;
using System.Text.Json;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>What strays cost a destination's process, and that it serves its source where descriptors run out.</summary>
[Collection("machine")]
public sealed class StrayProcessTests
{
    private const string Guest = "--guest synthetic --memory 64MiB";

    /// <summary>The table of unknown connections holds 512.</summary>
    private const int MostDescriptors = 512;

    /// <summary>
    /// Ten thousand strays take 10 to 20 MiB on their way, most of it what a runtime under no pressure leaves uncollected: 2 KiB each, were
    /// they all kept. Unbounded preambles, hellos of what is announced, or sockets would show as hundreds.
    /// </summary>
    private const long MostMemory = 64 << 20;

    [Fact]
    public async Task Ten_thousand_strays_take_bounded_memory_and_descriptors_and_the_source_is_served()
    {
        var json = Path.GetTempFileName();
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 100ms {Guest} --json {json}");
        var address = await receive.AddressAsync();
        Caller.SayAndBeRefused(address, "GET / HTTP/1.1\r\nHost: example.invalid\r\nAccept: text/html, application/xml\r\n\r\n"u8);
        var (memory, descriptors) = (receive.ResidentBytes, receive.Descriptors);
        var flood = StrayFlood.Start(address, 10_000);
        var (mostMemory, mostDescriptors) = (memory, descriptors);
        var joining = Task.Run(flood.Join);
        while (!joining.IsCompleted)
        {
            mostMemory = Math.Max(mostMemory, receive.ResidentBytes);
            mostDescriptors = Math.Max(mostDescriptors, receive.Descriptors);
            await Task.WhenAny(joining, Task.Delay(10));
        }
        await joining;
        Assert.InRange(mostDescriptors - descriptors, 1, MostDescriptors + 16);
        Assert.InRange(mostMemory - memory, 0, MostMemory);
        Assert.InRange(receive.Errors.Split('\n').Length, 20, 150);

        await using var send = ProgramProcess.Start($"send --to {address} {Guest} --verify full");
        var sent = await send.EndAsync();
        Assert.True(sent.Code == 0, sent.Error);
        Assert.Equal(0, (await receive.EndAsync()).Code);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        File.Delete(json);
        var refused = document.RootElement.GetProperty("refused-connections");
        Assert.Equal(10_001, refused.GetProperty("total").GetInt64());
        Assert.Equal(
            "total silent garbage bad-mac replayed out-of-range other-session busy unfit".Split(' '), refused.EnumerateObject().Select(field => field.Name));
    }

    /// <summary>A process that may open 200 descriptors, and 600 connections that say nothing and stay.</summary>
    [Fact]
    public async Task Destination_with_few_descriptors_is_not_brought_to_their_end_and_serves_its_source()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 100ms {Guest}", descriptors: 200);
        var address = await receive.AddressAsync();
        Socket[] silent = [.. Enumerable.Range(0, 600).Select(_ => Caller.Say(address, []))];
        await using var send = ProgramProcess.Start($"send --to {address} {Guest} --verify full");
        var sent = await send.EndAsync();
        Assert.True(sent.Code == 0, $"{sent.Error} {receive.Errors}");
        var there = await receive.EndAsync();
        Assert.Equal(0, there.Code);
        foreach (var socket in silent) socket.Dispose();
        Assert.DoesNotContain("cannot accept", there.Error, StringComparison.Ordinal);
    }

    /// <summary>Accepting fails for want of a descriptor, again and again: it is said once, and is not the end of the wait.</summary>
    [Fact]
    public async Task Accept_that_fails_for_want_of_descriptors_is_said_once_and_tried_again()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 100ms {Guest}", descriptors: 1000);
        var address = await receive.AddressAsync();
        Caller.SayAndBeRefused(address, new byte[100]); // What has to be loaded for that is there from now on.
        await receive.LimitDescriptorsAsync(receive.Descriptors + 20);
        Socket[] silent = [.. Enumerable.Range(0, 40).Select(_ => Caller.Say(address, []))];
        Caller.AwaitClosed(silent[^1]); // All of them were accepted, the later for the end of the earlier.
        await receive.LimitDescriptorsAsync(1000);
        await using var send = ProgramProcess.Start($"send --to {address} {Guest} --verify full");
        var sent = await send.EndAsync();
        Assert.True(sent.Code == 0, $"{sent.Error} {receive.Errors}");
        var there = await receive.EndAsync();
        Assert.Equal(0, there.Code);
        foreach (var socket in silent) socket.Dispose();
        Assert.Single(there.Error.Split('\n'), line => line.StartsWith("cannot accept a connection", StringComparison.Ordinal));
    }
}
