using System.Text.Json;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>The kinds of connection and their options as a user of the program meets them.</summary>
[Collection("listeners")]
public sealed class SocketOptionTests
{
    private const string Guest = "--guest synthetic --memory 32MiB";

    [SkippableTheory]
    [InlineData(ConnectionKind.Tcp6, "--bind ::1 --congestion reno")]
    [InlineData(ConnectionKind.Tcp4, "--bind 127.0.0.1 --bind 127.0.0.2 --max-bandwidth 20MiB/s --avail-switchover-bandwidth 1GiB/s")]
    [InlineData(ConnectionKind.Unix, "--max-bandwidth 20MiB/s --avail-switchover-bandwidth 1GiB/s")]
    public async Task SendAndReceive_MoveAGuest(ConnectionKind kind, string options)
    {
        await using var receive = ProgramProcess.Start($"receive --listen {ConnectionKinds.Address(kind)} --poison --run-for 100ms --json - {Guest}");
        var address = await receive.AddressAsync();
        await using var send = ProgramProcess.Start($"send --to {address} {Guest} --fill random --verify full --json - {options}");
        var (code, output, errors) = await send.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        var capped = options.Contains("max-bandwidth", StringComparison.Ordinal);
        Assert.Equal(capped ? "cap" : null, document.RootElement.GetProperty("bottleneck").GetString());
        var effective = document.RootElement.GetProperty("environment").GetProperty("options");
        if (options.Contains("reno", StringComparison.Ordinal)) Assert.Equal("reno", effective.GetProperty("congestion").GetString());
        if (options.Contains("127.0.0.2", StringComparison.Ordinal)) Assert.Equal("127.0.0.1,127.0.0.2", effective.GetProperty("bind").GetString());
        var there = await receive.EndAsync();
        Assert.True(there.Code == 0, there.Error);
        if (address.Path is not null) Assert.False(File.Exists(address.Path), "The socket's file is still there.");
        using var received = JsonDocument.Parse(there.Out);
        var congestion = received.RootElement.GetProperty("environment").GetProperty("options").GetProperty("congestion").GetString();
        Assert.Equal(kind.IsTcp(), congestion != "auto");
    }

    [Theory]
    [InlineData("send --to tcp:127.0.0.1:1 --congestion nosuch", 9, "nosuch")]
    [InlineData("receive --listen tcp:127.0.0.1:0 --congestion nosuch", 9, "tcp_available_congestion_control")]
    [InlineData("send --to tcp:127.0.0.1:1 --bind 192.0.2.1", 3, "192.0.2.1")]
    [InlineData("send --to tcp:127.0.0.1:1 --bind ::1", 3, "IPv6")]
    [InlineData("receive --listen unix:/nowhere/a.sock", 3, "folder")]
    [InlineData("receive --listen unix:/etc/passwd", 3, "no socket")]
    public async Task WhatDoesNotFit_IsAClearErrorAtOnce(string line, int expected, string words)
    {
        await using var program = ProgramProcess.Start($"{line} {Guest} --progress none");
        var (code, _, errors) = await program.EndAsync();
        Assert.Equal(expected, code);
        Assert.Contains(words, errors, StringComparison.Ordinal);
    }
}
