using System.Runtime.InteropServices;
using DataPlane.Bench.Linux.Codecs;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Compare;

/// <summary>
/// The two memories that all contenders use in turn: memory files of this process, which others open by their paths, so that contents and kind of
/// pages are the same for all, no host page is touched for the first time in anybody's run, and nothing is left behind however this process ends.
/// </summary>
internal sealed unsafe class GuestFiles : IDisposable
{
    private const int WordsPerPage = PageSize / sizeof(ulong);

    private readonly AllocatedMemory _source;
    private readonly AllocatedMemory _destination;
    private readonly MemoryContents _contents;

    public GuestFiles(long bytes, bool hugePages, MemoryContents contents)
    {
        _contents = contents;
        _source = AllocatedMemory.Create("compare-source", bytes, hugePages);
        _destination = AllocatedMemory.Create("compare-destination", bytes, hugePages);
        _source.Populate(Environment.ProcessorCount);
        _destination.Populate(Environment.ProcessorCount);
        Fill();
    }

    public long Bytes => _source.Length;

    public MemoryContents Contents => _contents;

    public AllocatedMemory Source => _source;

    public AllocatedMemory Destination => _destination;

    public string SourcePath => $"/proc/{Environment.ProcessId}/fd/{_source.Fd}";

    public string DestinationPath => $"/proc/{Environment.ProcessId}/fd/{_destination.Fd}";

    /// <summary>What the pages are; null where the kernel does as it likes.</summary>
    public string? PageKind => _source.PageKind;

    /// <summary>The contents of the source; zeros at the destination where they are all zeros.</summary>
    public void Fill()
    {
        var dump = _contents is MemoryContents.Dump or MemoryContents.Mixed ? CodecContent.Of("dump") : [];
        Parallel.For(0, Bytes >> PageShift, page =>
        {
            var words = Page(_source, page);
            if (IsDump(page)) dump.AsSpan((int)(page % PagesPerStripe) << PageShift, PageSize).CopyTo(MemoryMarshal.AsBytes(words));
            else if (IsZero(page)) words.Clear();
            else Noise(words, page);
            if (_contents == MemoryContents.Zero) Page(_destination, page).Clear();
        });
    }

    /// <summary>Makes one word of each page of the destination wrong, but where zeros are to come: memory that a guest comes to holds zeros.</summary>
    public void Spoil() => Parallel.For(0, Bytes >> PageShift, page =>
    {
        var at = (int)(page * 31 % WordsPerPage);
        Page(_destination, page)[at] = IsZero(page) ? 0 : ~Page(_source, page)[at];
    });

    /// <summary>A fast wrong answer is no result.</summary>
    public void Check() => Parallel.For(0, Bytes >> PageShift, page =>
    {
        var at = (int)(page * 31 % WordsPerPage);
        if (Page(_destination, page)[at] != Page(_source, page)[at])
            throw new InvalidOperationException($"Page {page} did not arrive: its word {at} is {Page(_destination, page)[at]:x} and should be {Page(_source, page)[at]:x}.");
    });

    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private static Span<ulong> Page(AllocatedMemory memory, long page) => new((byte*)memory.Address + (page << PageShift), WordsPerPage);

    private bool IsDump(long page) => _contents == MemoryContents.Dump || (_contents == MemoryContents.Mixed && page / PagesPerStripe % 3 == 0);

    private bool IsZero(long page) => _contents switch
    {
        MemoryContents.Zero => true,
        MemoryContents.Half => page % 2 == 0,
        MemoryContents.Mixed => page / PagesPerStripe % 3 == 2,
        _ => false,
    };

    private static void Noise(Span<ulong> words, long page)
    {
        var state = ((ulong)page * 0x9E3779B97F4A7C15) | 1;
        foreach (ref var word in words)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word = state;
        }
    }
}
