using System.Text.Json;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>A destination whose monotonic clock is not ours, as on another host: a process in a time namespace of its own.</summary>
[Collection("programs")]
public sealed class OtherClockTests
{
    private const string Guest = "--guest synthetic --memory 64MiB --vcpus 2 --device-state 256KiB";

    [SkippableTheory]
    [InlineData(9, 0)]
    [InlineData(0, 30)]
    public async Task AccountOfBothSides_IsOnOneClock(int sourceHours, int destinationHours)
    {
        NeedsTimeNamespace.OrSkip();
        await using var receive = ProgramProcess.Start($"receive --listen tcp:127.0.0.1:0 --run-for 50ms {Guest} --json -", hoursAhead: destinationHours);
        await using var send = ProgramProcess.Start($"send --to {await receive.AddressAsync()} {Guest} --json -", hoursAhead: sourceHours);
        var sent = await send.EndAsync();
        Assert.True(sent.Code == 0, sent.Error);
        using var document = JsonDocument.Parse(sent.Out);
        var account = document.RootElement.GetProperty("downtime-breakdown");
        var (offset, error) = (account.GetProperty("clock-offset-us").GetDouble(), account.GetProperty("clock-error-us").GetDouble());
        var truth = (destinationHours - sourceHours) * 3600e6; // Both namespaces count one clock from elsewhere, so there is no drift.
        Assert.InRange(offset - truth, -error, error);
        Assert.InRange(error, 0.001, 1e6);

        double end = 0;
        foreach (var segment in account.GetProperty("segments").EnumerateArray())
        {
            Assert.Equal(end, segment.GetProperty("start-us").GetDouble(), tolerance: 0.0005);
            Assert.True(segment.GetProperty("duration-us").GetDouble() >= 0);
            end = segment.GetProperty("start-us").GetDouble() + segment.GetProperty("duration-us").GetDouble();
        }
        var total = account.GetProperty("total-us").GetDouble();
        Assert.Equal(total, end, tolerance: 0.05);
        Assert.InRange(total, 1, document.RootElement.GetProperty("total-time").GetDouble() * 1e3);
        Assert.InRange(Math.Abs(account.GetProperty("unaccounted-us").GetDouble()), 0, Math.Max(Math.Max(50, total / 100), error));

        var there = await receive.EndAsync();
        Assert.True(there.Code == 0, there.Error);
        using var other = JsonDocument.Parse(there.Out);
        var own = other.RootElement.GetProperty("downtime-breakdown");
        Assert.Equal(JsonValueKind.Null, own.GetProperty("clock-offset-us").ValueKind);
        Assert.InRange(own.GetProperty("total-us").GetDouble(), 1, total + error);
    }
}
