using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Linux.Vhost;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using Xunit;

namespace DataPlane.Tests.Matrix;

/// <summary>
/// Moves a guest that writes all the while into poisoned memory, compares every page when it is about to go on there, and lets it go on.
/// </summary>
internal sealed class MatrixMove : IDisposable
{
    private const int WordsOfTheGuest = 257; // A page's counter, and the 256 words that it stamps.
    private const long FirstDataPage = 512; // What lies before is a KVM guest's own.

    private readonly MatrixCase _case;
    private readonly IGuest _source;
    private readonly IGuest _destination;
    private readonly MigrationPair _pair;
    private readonly VhostWriter? _backEnd;

    public MatrixMove(MatrixCase what)
    {
        _case = what;
        var own = what.Source.Split('+')[0];
        var options = GuestSizes.Busy(what.Guest) with { MemoryBytes = 32L << 20, DirtySource = own };
        _source = Guest.CreateSource(options);
        _destination = Guest.CreateDestination(options with { Poison = true });
        var dirty = _source.CreateDirtySource(own);
        if (what.Source.EndsWith(MatrixCase.BesideVhost, StringComparison.Ordinal))
        {
            var log = new VhostDirtyLog(_source.Memory);
            _backEnd = new VhostWriter(_source.Memory, log) { Rate = 50L << 20, FirstPage = FirstDataPage, FirstWord = WordsOfTheGuest };
            dirty = new CompositeDirtySource(dirty, log);
        }
        _pair = new MigrationPair(
            _source.Memory, dirty, new HookedHost(_source), _destination.Memory, new HookedHost(_destination), AddressOf(what.Socket));
        _pair.SourceOptions = _pair.SourceOptions with { Channels = what.Channels, Compression = what.Compression };
    }

    public async Task RunAsync()
    {
        List<(int, long)>? different = null;
        long writtenAtHandover = 0;
        _pair.SourceHost.Before("pause", () => _backEnd?.Pause());
        _pair.DestinationHost.Before("resume", () =>
        {
            Assert.False(_source.IsRunning);
            writtenAtHandover = _source.WriteCount;
            different = MemoryComparer.Differences(_source.Memory, _destination.Memory);
        });
        _source.Start();
        _backEnd?.Resume();
        GuestProgress.Await(_source, 500);
        var writtenBefore = _source.WriteCount;
        var (sent, received) = await _pair.RunAsync();

        Assert.Null(sent.Error);
        Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (sent.Status, received.Status));
        Assert.Empty(different!);
        Assert.True(writtenAtHandover > writtenBefore, "The guest wrote nothing while it moved.");
        Assert.Contains(sent.Passes.Skip(1), pass => pass.DirtyPages > 0);
        ResultChecks.Completed(sent, _source.Memory, _case.Channels);
        AssertSourceIsTold(sent);
        await AssertGoesOnAsync(writtenAtHandover);
    }

    public void Dispose()
    {
        _backEnd?.Dispose();
        _pair.Dispose();
        _source.Dispose();
        _destination.Dispose();
    }

    private static MigrationAddress AddressOf(string socket)
    {
        var text = socket == "tcp" ? "tcp:127.0.0.1:0" : $"unix:{Path.Combine(Path.GetTempPath(), $"dataplane-{Guid.NewGuid():N}.sock")}";
        return MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new FormatException(fault);
    }

    private void AssertSourceIsTold(MigrationResult sent)
    {
        var parts = _pair.Dirty.Name.Split('+');
        Assert.Equal(_case.Source.Split('+'), parts.Where(part => _case.Source.Split('+').Contains(part)));
        // Half of the guest is text or zeros: whoever compresses for certain has fewer bytes to send.
        if (_case.Compression is PageCompression.Lz4 or PageCompression.Zstd)
            Assert.InRange(sent.Ram!.CompressedBytes!.Value, 1, sent.Ram.NormalBytes * 3 / 4);
    }

    private async Task AssertGoesOnAsync(long writtenAtHandover)
    {
        Assert.True(_destination.IsRunning);
        GuestProgress.Await(_destination, 500);
        await _destination.PauseAsync(default);
        Assert.True(_source.CheckInvariant() is { Holds: true } here && here.WriteCount == writtenAtHandover);
        var there = _destination.CheckInvariant();
        Assert.True(there.Holds, there.ToString());
        Assert.True(there.WriteCount >= writtenAtHandover + 500);
    }
}
