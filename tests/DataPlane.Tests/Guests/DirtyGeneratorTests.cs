using System.Diagnostics;
using System.IO.Compression;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Traces;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The generators over memory that is not a guest's.</summary>
[Collection("machine")]
public sealed unsafe class DirtyGeneratorTests : IDisposable
{
    private const int Pages = 1024;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly NativePages _pages = new(Pages);
    private readonly GuestMemory _memory;
    private readonly ExplicitDirtySource _marks;
    private readonly DirtyBitmap _dirty;

    public DirtyGeneratorTests()
    {
        new Random(5).NextBytes(_pages.Span);
        // Two blocks, of which the second is short: pages are counted over both.
        _memory = new GuestMemory([Block("a", 0, 600), Block("b", 600, Pages - 600)]);
        (_marks, _dirty) = (new ExplicitDirtySource(_memory), new DirtyBitmap(_memory));
    }

    public void Dispose()
    {
        _marks.Dispose();
        _dirty.Dispose();
        _pages.Dispose();
    }

    [Fact]
    public void WhatIsWritten_IsMarked_AndNothingElseChanges()
    {
        var before = _pages.Span.ToArray();
        Run(new DirtyOrders { BytesPerSecond = DirtyOrders.Unlimited, Pattern = DirtyPattern.HotCold, WorkingSetBytes = 20 << 12 }, writers: 3, writes: 300);
        for (var page = 0; page < Pages; page++)
            if (!IsMarked(page)) Assert.True(_pages.Span.Slice(page << 12, 4096).SequenceEqual(before.AsSpan(page << 12, 4096)), $"Page {page} changed without a mark.");
    }

    [Fact]
    public void WritingWhatIsThere_IsDirtyToALog_AndNothingToWhoComparesContents()
    {
        var before = _pages.Span.ToArray();
        var report = Run(new DirtyOrders { BytesPerSecond = DirtyOrders.Unlimited, Pattern = DirtyPattern.Sequential, Write = DirtyWrite.Same }, writers: 1, writes: 2 * Pages);
        Assert.Equal(Pages, _dirty.Count());
        Assert.True(_pages.Span.SequenceEqual(before));
        Assert.Equal((report.WriteCount, 0), (report.SameCount, report.PageCounterSum));
    }

    [Theory]
    [InlineData(DirtyContent.Random, 0.95, 1.1)]
    [InlineData(DirtyContent.Compressible, 0.4, 0.6)]
    public void WholePages_ShrinkAsTheirContentDoes(DirtyContent content, double least, double most)
    {
        Run(new DirtyOrders { BytesPerSecond = DirtyOrders.Unlimited, Pattern = DirtyPattern.Sequential, Write = DirtyWrite.Page, Content = content }, writers: 1, writes: 2 * Pages);
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(_pages.Span);
        Assert.InRange(output.Length / (double)_pages.Bytes, least, most);
    }

    [Fact]
    public void AReplay_WritesThePagesOfTheTrace_AndNoOthers()
    {
        PageRun[] runs = [new(3, 2), new(590, 20), new(1000, 1)];
        var trace = new DirtyTrace((long)Pages << 12, [new DirtyTraceStep(TimeSpan.FromMilliseconds(5), [.. runs]), new DirtyTraceStep(TimeSpan.FromMilliseconds(7), [])], "by hand");
        Run(new DirtyOrders { Replay = trace }, writers: 2, writes: 60); // Round and round.
        var expected = runs.SelectMany(run => Enumerable.Range((int)run.First, (int)run.Count));
        Assert.Equal(expected, Enumerable.Range(0, Pages).Where(IsMarked));
    }

    [Fact]
    public void OrdersThatContradictTheMemory_AreRefused()
    {
        var trace = new DirtyTrace(4096, [new DirtyTraceStep(TimeSpan.FromMilliseconds(5), [])], "");
        Assert.Contains("4096", Assert.Throws<ArgumentException>(() => new DirtyGenerator(_memory, null, new DirtyOrders { Replay = trace })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirtyGenerator(_memory, null, new DirtyOrders(), writers: 65));
    }

    private InvariantReport Run(DirtyOrders orders, int writers, long writes)
    {
        using var generator = new DirtyGenerator(_memory, _marks, orders, writers);
        for (var part = 1; part <= 2; part++)
        {
            generator.Start();
            for (var watch = Stopwatch.StartNew(); generator.WriteCount < part * writes / 2; Thread.Sleep(1))
                Assert.True(watch.Elapsed < Bound, $"{generator.WriteCount} writes of {writes}.");
            generator.Stop();
            var report = generator.CheckInvariant();
            Assert.True(report.Holds, report.ToString());
        }
        _marks.Sync(_dirty);
        return generator.CheckInvariant();
    }

    private bool IsMarked(int page) => page < 600 ? _dirty.IsSet(_memory.Blocks[0], page) : _dirty.IsSet(_memory.Blocks[1], page - 600);

    private RamBlockInfo Block(string name, int first, int count) => new(name, (nint)_pages.Page(first), (long)count << 12, (ulong)first << 12);
}
