using System.Buffers;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Fuzz.Recording;
using DataPlane.Options;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Hostile;

/// <summary>A destination that is alive, acknowledges everything, and never says that a fence has arrived: before the stop, or in the blackout.</summary>
[Collection("machine")]
public sealed class UnansweredFenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_source_gives_up_after_the_idle_timeout_and_its_guest_runs(uint fence)
    {
        using var guest = new SmallGuest();
        var host = new SmallHost();
        var plan = new RecordingPlan(2, PageCompression.None, IntegrityMode.Headers);
        var (sent, _) = await Recorder.MigrateAsync(guest, host, plan, TimeSpan.FromMilliseconds(600), Tap);
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.Timeout, MigrationSide.Source), (sent.Status, sent.Error!.Code, sent.Error.Side));
        Assert.Contains("fence", sent.Error.Message, StringComparison.Ordinal);
        Assert.Equal(fence == 2, guest.Host.Resumed); // Before the stop there is nothing to resume.
        Assert.False(host.Resumed);

        Tap Tap(int connection, bool fromSource)
        {
            if (connection != 0 || fromSource) return chunk => chunk;
            var held = new ArrayBufferWriter<byte>();
            return chunk =>
            {
                held.Write(chunk.Span);
                var list = MessageList.Parse(held.WrittenSpan);
                held.ResetWrittenCount();
                held.Write(list.Rest);
                var kept = list.Items.Where(item => item.Read() is not DataPlane.Core.Wire.Messages.FencedMessage fenced || fenced.Fence != fence).ToList();
                return new MessageList(kept, []).Bytes();
            };
        }
    }
}
