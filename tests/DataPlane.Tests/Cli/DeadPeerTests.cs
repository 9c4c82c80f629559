using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>
/// A peer that is gone without a word is known within 3 s on both sides; one that only stands still is not taken for gone.
/// </summary>
[Collection("machine")]
public sealed partial class DeadPeerTests
{
    private const string Guest = "--guest synthetic --memory 128MiB";

    /// <summary>Some 4 s of passes: more than fits into the sockets' buffers, so that the window is closed when nobody reads at the other end.</summary>
    private const string Sending = Guest + " --fill random --dirty 1MiB/s --max-bandwidth 32MiB/s --channels 2 --progress plain --json -";

    /// <summary>3 s, and one for a machine with other work.</summary>
    private const double Known = 4;

    /// <summary>And for the processes to end: a destination waits a second for its source to close first.</summary>
    private static readonly TimeSpan Ended = TimeSpan.FromSeconds(8);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PacketsVanish_BothSidesKnow_AndTheGuestGoesOn(bool cable)
    {
        using var networks = NetworkPair.CreateOrSkip();
        await using var receive = ProgramProcess.Start(
            $"receive --listen tcp:{NetworkPair.DestinationAddress}:0 {Guest} --json -", networks.Destination);
        await using var send = ProgramProcess.Start($"send --to {await receive.AddressAsync()} {Sending}", networks.Source);
        await send.SaysAsync("active ");
        var start = Stopwatch.GetTimestamp();
        if (cable) networks.PullCable();
        else networks.LosePackets();
        var ends = await Task.WhenAll(Timed(send, start), Timed(receive, start));
        foreach (var (run, side, other) in new[] { (ends[0].Run, "source", "destination"), (ends[1].Run, "destination", "source") })
        {
            Assert.Equal(1, run.Code);
            using var document = JsonDocument.Parse(run.Out);
            var error = document.RootElement.GetProperty("error");
            Assert.Equal(("connection-lost", side), (error.GetProperty("code").GetString(), error.GetProperty("side").GetString()));
            Assert.Contains(error.GetProperty("step").GetString(), (string[])["pass", "receive", "control"]);
            var message = error.GetProperty("message").GetString()!;
            Assert.Contains($"The {other}'s host is gone", message, StringComparison.Ordinal);
            Assert.InRange(double.Parse(Silence().Match(message).Groups[1].Value, CultureInfo.InvariantCulture), 2, Known);
        }
        Assert.True(ends[0].Time < Ended && ends[1].Time < Ended, $"Ended after {ends[0].Time} and {ends[1].Time}.");
    }

    /// <summary>The kernel of a stopped process goes on answering; the window is closed, which TCP_USER_TIMEOUT would count as silence.</summary>
    [Fact]
    public async Task DestinationStandsStillFor5Seconds_AndTheMigrationCompletes()
    {
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --poison --run-for 100ms {Guest}");
        await using var send = ProgramProcess.Start($"send --to {await receive.AddressAsync()} {Sending} --verify full");
        await send.SaysAsync("active ");
        await receive.SignalAsync("STOP");
        await Task.Delay(TimeSpan.FromSeconds(Kit.TestSet.All ? 8 : 5));
        await receive.SignalAsync("CONT");
        var (code, output, errors) = await send.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(0, document.RootElement.GetProperty("verify").GetProperty("mismatched").GetInt64());
        Assert.Equal(0, (await receive.EndAsync()).Code);
    }

    private static async Task<(ProgramRun Run, TimeSpan Time)> Timed(ProgramProcess program, long start)
    {
        var run = await program.EndAsync();
        return (run, Stopwatch.GetElapsedTime(start));
    }

    [GeneratedRegex(@"for ([0-9.]+) s it has acknowledged nothing")]
    private static partial Regex Silence();
}
