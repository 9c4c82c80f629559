using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using DataPlane.Core.Traces;
using Microsoft.Win32.SafeHandles;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Recording;

/// <summary>
/// Memory of another process, such as the guest RAM of a VMM that is not ours. Its pages are read through /proc/PID/mem and their sums compared with those of the step before: nothing
/// is asked of the process, no page of it is protected, and no fault slows it down. In return a page that was written with what it held is not seen, one that was written and
/// written back neither, and each step reads all of the memory. Needs the right to trace the process (root, or the same user where the system allows it).
/// </summary>
public sealed class ProcessPages : IWrittenPages
{
    private const int PagesPerRead = 256; // 1 MiB: stays in the cache while it is summed.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly SafeFileHandle _memory;
    private readonly ProcessMapping _mapping;
    private readonly ulong[] _sums;
    private readonly byte[] _buffer = new byte[PagesPerRead * PageSize];

    /// <summary>
    /// For one mapping of process <paramref name="pid"/>. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it may not be read.
    /// </summary>
    public ProcessPages(int pid, ProcessMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _mapping = mapping;
        _sums = new ulong[checked((int)(mapping.Length >> PageShift))];
        _memory = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/mem"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    /// <inheritdoc/>
    public string Method => "compare";

    /// <inheritdoc/>
    public long MemoryBytes => (long)_sums.Length << PageShift;

    /// <inheritdoc/>
    public void Start() => _ = Take();

    /// <summary>As told. Throws <see cref="IOException"/> where the process has ended or the mapping is gone.</summary>
    public IReadOnlyList<PageRun> Take()
    {
        var runs = new PageRuns();
        for (var page = 0; page < _sums.Length; page += PagesPerRead)
        {
            var count = Math.Min(PagesPerRead, _sums.Length - page);
            Read(page, count);
            for (var i = 0; i < count; i++)
            {
                var sum = Sum(MemoryMarshal.Cast<byte, ulong>(_buffer.AsSpan(i << PageShift, PageSize)));
                if (sum == _sums[page + i]) continue;
                _sums[page + i] = sum;
                runs.Add(page + i, 1);
            }
        }
        return runs.Runs;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Read(int page, int count)
    {
        var bytes = _buffer.AsSpan(0, count << PageShift);
        var at = checked((long)_mapping.Start) + ((long)page << PageShift);
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_memory, bytes, at);
            if (read <= 0) throw new IOException($"The process has ended, or does not map {_mapping} any more.");
            bytes = bytes[read..];
            at += read;
        }
    }

    /// <summary>Four sums of every fourth word, so that no multiplication waits for the one before; a page that changes keeps its sum once in 2^64.</summary>
    private static ulong Sum(ReadOnlySpan<ulong> words)
    {
        ulong a = 1, b = 2, c = 3, d = 4;
        for (var i = 0; i + 3 < words.Length; i += 4)
        {
            a = BitOperations.RotateLeft(a ^ words[i], 29) * Multiplier;
            b = BitOperations.RotateLeft(b ^ words[i + 1], 29) * Multiplier;
            c = BitOperations.RotateLeft(c ^ words[i + 2], 29) * Multiplier;
            d = BitOperations.RotateLeft(d ^ words[i + 3], 29) * Multiplier;
        }
        return Memory.SplitMix.Hash(a ^ Memory.SplitMix.Hash(b ^ Memory.SplitMix.Hash(c ^ Memory.SplitMix.Hash(d))));
    }
}
