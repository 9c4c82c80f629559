using DataPlane.Core.Traces;
using DataPlane.Guests.Recording;
using Xunit;

namespace DataPlane.Tests.Guests.Recording;

public sealed class DirtyRecorderTests
{
    [Fact]
    public async Task WhatIsTaken_IsInTheStream_StepByStep()
    {
        using var stream = new MemoryStream();
        var pages = new Pages();
        var recorder = new DirtyRecorder(pages, stream, "by hand");
        var trace = await recorder.RunAsync(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20), default);
        Assert.True(DirtyTraceReader.TryRead(stream.ToArray(), out var read, out var fault), fault?.ToString());
        Assert.True(read.IsWhole);
        Assert.Equal(trace.Steps.Select(step => step.End), read.Steps.Select(step => step.End));
        Assert.Equal(Enumerable.Range(0, read.Steps.Length).Select(i => (long)i), read.Steps.Select(step => step.Pages.Single().First));
        Assert.Equal((read.Steps.Length, (long)read.Steps.Length), (recorder.Progress.Steps, recorder.Progress.Pages));
        Assert.True(read.Duration >= TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Interrupted_TheTraceIsWhole()
    {
        using var stream = new MemoryStream();
        using var cancel = new CancellationTokenSource();
        var recorder = new DirtyRecorder(new Pages { OnTake = count => { if (count == 3) cancel.Cancel(); } }, stream, "by hand");
        await recorder.RunAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), cancel.Token);
        Assert.True(DirtyTraceReader.TryRead(stream.ToArray(), out var read, out _));
        Assert.True(read.IsWhole);
        Assert.Equal(4, read.Steps.Length); // What was written since the third is in it too.
    }

    [Fact]
    public async Task MemoryThatGoes_LeavesWhatWasRecorded()
    {
        using var stream = new MemoryStream();
        var recorder = new DirtyRecorder(new Pages { OnTake = count => { if (count == 3) throw new IOException("gone"); } }, stream, "by hand");
        await Assert.ThrowsAsync<IOException>(() => recorder.RunAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), default));
        Assert.True(DirtyTraceReader.TryRead(stream.ToArray(), out var read, out _));
        Assert.False(read.IsWhole);
        Assert.Equal(2, read.Steps.Length);
    }

    /// <summary>Page after page is written.</summary>
    private sealed class Pages : IWrittenPages
    {
        private int _taken;

        public Action<int> OnTake { get; init; } = _ => { };

        public string Method => "by hand";

        public long MemoryBytes => 1L << 30;

        public void Start()
        {
        }

        public IReadOnlyList<PageRun> Take()
        {
            OnTake(_taken + 1);
            return [new PageRun(_taken++, 1)];
        }

        public void Dispose()
        {
        }
    }
}
