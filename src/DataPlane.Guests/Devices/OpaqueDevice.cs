using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DataPlane.Guests.Memory;
using DataPlane.Host;
using DataPlane.Linux.Kvm;

namespace DataPlane.Guests.Devices;

/// <summary>
/// A device that has a state of some size, takes its time, and may take longer than it said. The state derives from a seed that
/// it carries, so that the side that loads it can tell whether each byte arrived.
/// </summary>
internal sealed class OpaqueDevice
{
    private const ulong Magic = 0x31_55_51_41_50_4F_57_44; // "DWOPAQU1", little endian.
    private const int HeaderBytes = 24;
    private const int BlockBytes = 1 << 12;
    private static readonly TimeSpan Precise = TimeSpan.FromMilliseconds(2);

    private readonly ulong _seed;
    private TimeSpan _surprise;

    public OpaqueDevice(GuestOptions options)
    {
        _seed = options.Seed;
        _surprise = options.DeviceSurprise;
        Section = new DeviceSection(
            "opaque", 1, Math.Max(HeaderBytes, options.DeviceStateBytes), options.DeviceSaveTime, options.DeviceLoadTime);
    }

    public DeviceSection Section { get; }

    public async ValueTask SaveAsync(IBufferWriter<byte> state, CancellationToken cancel)
    {
        var until = Stopwatch.GetTimestamp() + Ticks(Section.SaveTime + _surprise);
        _surprise = TimeSpan.Zero;
        WriteHeader(state);
        var noise = Noise(_seed);
        long block = 0;
        for (var left = Section.Size - HeaderBytes; left > 0; block++)
        {
            var chunk = state.GetSpan((int)Math.Min(left, BlockBytes))[..(int)Math.Min(left, BlockBytes)];
            Fill(noise, block, chunk);
            state.Advance(chunk.Length);
            left -= chunk.Length;
        }
        await WaitAsync(until, cancel);
    }

    public async ValueTask LoadAsync(ReadOnlyMemory<byte> state, CancellationToken cancel)
    {
        var until = Stopwatch.GetTimestamp() + Ticks(Section.LoadTime);
        Check(state.Span);
        await WaitAsync(until, cancel);
    }

    /// <summary>What a saved state says of itself.</summary>
    public static JsonNode Describe(ReadOnlySpan<byte> state) => new JsonObject
    {
        ["seed"] = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]),
        ["size"] = BinaryPrimitives.ReadInt64LittleEndian(state[16..]),
    };

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    /// <summary>A device takes as long as it says: timers end on whole milliseconds, so the last two are waited for precisely.</summary>
    private static async ValueTask WaitAsync(long until, CancellationToken cancel)
    {
        var left = TimeSpan.FromSeconds((until - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
        if (left > Precise) await Task.Delay(left - Precise, cancel);
        left = TimeSpan.FromSeconds((until - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
        if (left <= TimeSpan.Zero) return;
        using var wait = new PreciseWait();
        wait.Wait((long)left.TotalNanoseconds);
    }

    private static void Check(ReadOnlySpan<byte> state)
    {
        if (state.Length < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(state) != Magic)
            throw new InvalidDataException("The opaque device's state does not begin as such a state does.");
        if (BinaryPrimitives.ReadInt64LittleEndian(state[16..]) != state.Length)
            throw new InvalidDataException(
                $"The opaque device's state has {state.Length} bytes where {BinaryPrimitives.ReadInt64LittleEndian(state[16..])} were saved.");
        var noise = Noise(BinaryPrimitives.ReadUInt64LittleEndian(state[8..]));
        Span<byte> expected = stackalloc byte[BlockBytes];
        long block = 0;
        for (var offset = HeaderBytes; offset < state.Length; block++)
        {
            var chunk = expected[..Math.Min(BlockBytes, state.Length - offset)];
            Fill(noise, block, chunk);
            if (!state.Slice(offset, chunk.Length).SequenceEqual(chunk))
                throw new InvalidDataException($"The opaque device's state differs from what was saved at or after byte {offset}.");
            offset += chunk.Length;
        }
    }

    private void WriteHeader(IBufferWriter<byte> state)
    {
        var header = state.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], _seed);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], Section.Size);
        state.Advance(HeaderBytes);
    }

    private static ulong[] Noise(ulong seed)
    {
        var noise = new ulong[BlockBytes / sizeof(ulong)];
        for (var i = 0; i < noise.Length; i++) noise[i] = SplitMix.Hash(seed + (ulong)i);
        return noise;
    }

    /// <summary>
    /// Block <paramref name="number"/> of the state: the noise with the block's number mixed into each word, so that a block in another's place
    /// shows. As fast as memory, and from the first call on: the blackout waits for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(ulong[] noise, long number, Span<byte> block)
    {
        Span<ulong> words = stackalloc ulong[BlockBytes / sizeof(ulong)];
        var mark = new Vector<ulong>((ulong)number * 0x9E37_79B9_7F4A_7C15); // Odd: no two blocks have the same.
        for (var i = 0; i < noise.Length; i += Vector<ulong>.Count)
            (new Vector<ulong>(noise, i) ^ mark).CopyTo(words[i..]);
        MemoryMarshal.AsBytes(words)[..block.Length].CopyTo(block);
    }
}
