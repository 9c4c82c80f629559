using BenchmarkDotNet.Attributes;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Transport.Sending;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Wire.Frames;

/// <summary>
/// What a frame costs beside its payload, per frame: the sender's work with all but the socket, its checksum and digest alone, and the
/// receiver's judgement. The baseline copies the header. The guest exists as addresses only. Frames follow each other at once, so the processor
/// works on some of them side by side: a frame alone, between socket calls, takes longer.
/// </summary>
public class FrameBenchmark : IDisposable
{
    private const int Frames = 64; // What the sender keeps of headers: 11 KiB, which stay in the first cache on both sides.

    private readonly GuestMemory _memory = new([new RamBlockInfo("ram", PageSize, (long)Frames * StripeSize, 0)]);
    private readonly FrameHeader[] _copies = new FrameHeader[Frames];
    private FrameHeader[] _headers = [];
    private FrameChecks _checks = null!;
    private FrameSender? _sender;
    private StripeWords _pages;
    private FrameDigest _digest;

    [Params("full stripe", "one page", "zero stripe")]
    public string Frame { get; set; } = "full stripe";

    [GlobalSetup]
    public void Build()
    {
        _checks = new FrameChecks(_memory, []);
        for (var word = 0; word < WordsPerStripe; word++) _pages[word] = Frame == "full stripe" ? ulong.MaxValue : word == 5 ? 1UL << 17 : 0;
        var caught = new CaughtHeaders(Frames + 1);
        _sender = new FrameSender(caught, new UnacknowledgedRing());
        Send();
        _sender.AddFence(1);
        _headers = caught.Headers;
        Answer.Check(Frames, Check());
        Answer.Check(_headers[Frames].Digest, _digest.Value);
        _digest = default;
        Copy();
        for (var i = 0; i < Frames; i++) _copies[i].Checksum = 0;
        Answer.Check(_headers[Frames].Digest, Seal());
        Answer.Check(FrameFault.OutOfSequence, _checks.Find(_headers[0], 2));
        _copies[0].Index++;
        Answer.Check(FrameFault.BadChecksum, _checks.Find(_copies[0], 1));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _sender?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames)]
    public void Copy()
    {
        for (var i = 0; i < Frames; i++) _copies[i] = _headers[i];
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public uint Seal()
    {
        foreach (ref var header in _copies.AsSpan())
        {
            header.Seal();
            _digest.Add(header);
        }
        return _digest.Value;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void Send()
    {
        var block = _memory.Blocks[0];
        for (var stripe = 0; stripe < Frames; stripe++)
        {
            if (Frame == "zero stripe") _sender!.AddZeroStripes(block, stripe, 1, pass: 1);
            else _sender!.AddPages(block, stripe, pass: 1, _pages, default);
        }
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Check()
    {
        var passed = 0;
        for (var i = 0; i < Frames; i++)
        {
            ref readonly var header = ref _headers[i];
            if (_checks.Find(header, (ulong)i + 1) != FrameFault.None) break;
            _digest.Add(header);
            passed++;
        }
        return passed;
    }
}
