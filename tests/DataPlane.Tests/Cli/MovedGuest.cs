using System.Text.Json;
using Xunit;

namespace DataPlane.Tests.Cli;

/// <summary>What two processes say of a guest of 64 MiB that has moved from one to the other, whichever programs they are.</summary>
internal static class MovedGuest
{
    /// <summary>Every page was compared and none differs, over so many channels, and the guest goes on at the destination with its memory whole.</summary>
    public static async Task AssertArrivesWholeAsync(ProgramProcess send, ProgramProcess receive, int channels)
    {
        var (code, output, errors) = await send.EndAsync();
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output); // Standard output holds nothing but the document.
        var result = document.RootElement;
        Assert.Equal("completed", result.GetProperty("status").GetString());
        Assert.Equal(16384, result.GetProperty("verify").GetProperty("pages").GetInt64());
        Assert.Equal(0, result.GetProperty("verify").GetProperty("mismatched").GetInt64());
        Assert.Equal(channels, result.GetProperty("channels").GetArrayLength());

        var there = await receive.EndAsync();
        Assert.True(there.Code == 0, there.Error);
        Assert.Contains("invariant holds", there.Out, StringComparison.Ordinal);
        Assert.DoesNotMatch("wrote 0 pages", there.Out);
    }
}
