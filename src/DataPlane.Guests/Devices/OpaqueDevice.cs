using System.Buffers;
using System.Buffers.Binary;
using DataPlane.Guests.Memory;
using DataPlane.Host;

namespace DataPlane.Guests.Devices;

/// <summary>
/// A device that has a state of some size, takes its time, and may take longer than it said. The state derives from a seed that it
/// carries, so that the side that loads it can tell whether each byte arrived.
/// </summary>
internal sealed class OpaqueDevice
{
    private const ulong Magic = 0x31_55_51_41_50_4F_57_44; // "DWOPAQU1", little endian.
    private const int HeaderBytes = 24;
    private const int ChunkBytes = 1 << 16;

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
        var time = Section.SaveTime + _surprise;
        _surprise = TimeSpan.Zero;
        if (time > TimeSpan.Zero) await Task.Delay(time, cancel);
        WriteHeader(state);
        var word = SplitMix.Hash(_seed);
        for (var left = Section.Size - HeaderBytes; left > 0;)
        {
            var chunk = state.GetSpan((int)Math.Min(left, ChunkBytes))[..(int)Math.Min(left, ChunkBytes)];
            word = Generate(word, chunk);
            state.Advance(chunk.Length);
            left -= chunk.Length;
        }
    }

    public async ValueTask LoadAsync(ReadOnlyMemory<byte> state, CancellationToken cancel)
    {
        if (Section.LoadTime > TimeSpan.Zero) await Task.Delay(Section.LoadTime, cancel);
        Check(state.Span);
    }

    private static void Check(ReadOnlySpan<byte> state)
    {
        if (state.Length < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(state) != Magic)
            throw new InvalidDataException("The opaque device's state does not begin as such a state does.");
        if (BinaryPrimitives.ReadInt64LittleEndian(state[16..]) != state.Length)
            throw new InvalidDataException(
                $"The opaque device's state has {state.Length} bytes where {BinaryPrimitives.ReadInt64LittleEndian(state[16..])} were saved.");
        var word = SplitMix.Hash(BinaryPrimitives.ReadUInt64LittleEndian(state[8..]));
        Span<byte> expected = stackalloc byte[4096];
        for (var offset = HeaderBytes; offset < state.Length;)
        {
            // Chunks are multiples of a word but for the last, here and where it was saved: the sequence is the same.
            var chunk = expected[..Math.Min(expected.Length, state.Length - offset)];
            word = Generate(word, chunk);
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

    private static ulong Generate(ulong word, Span<byte> chunk)
    {
        Span<byte> tail = stackalloc byte[sizeof(ulong)];
        for (var offset = 0; offset < chunk.Length; offset += sizeof(ulong))
        {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            BinaryPrimitives.WriteUInt64LittleEndian(tail, word);
            tail[..Math.Min(sizeof(ulong), chunk.Length - offset)].CopyTo(chunk[offset..]);
        }
        return word;
    }
}
