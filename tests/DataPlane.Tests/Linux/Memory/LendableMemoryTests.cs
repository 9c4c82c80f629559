using System.Runtime.CompilerServices;
using DataPlane.Linux.Memory;
using Xunit;

namespace DataPlane.Tests.Linux.Memory;

[Collection("machine")] // Collects garbage, and nobody else is to map memory where some has just gone.
public sealed unsafe class LendableMemoryTests
{
    private const int Length = 3 * 4096;

    [Fact]
    public void It_stays_mapped_as_long_as_anybody_has_its_memory_and_no_longer()
    {
        var held = new Memory<byte>[1];
        var at = Make(held);
        Collect();
        Write(held);
        Assert.True(IsMapped(at));
        held[0] = default;
        Collect();
        Assert.False(IsMapped(at));
    }

    // In frames of their own, so that nothing is left of it in the test's.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Make(Memory<byte>[] held)
    {
        var made = new LendableMemory(Length);
        Assert.Equal(-1, made.GetSpan().IndexOfAnyExcept((byte)0));
        held[0] = made.Memory;
        return (nint)made.Start;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(Memory<byte>[] held)
    {
        held[0].Span.Fill(7);
        Assert.Equal(7, held[0].Span[^1]);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static bool IsMapped(nint at) => MemoryNative.Msync(at, Length, MemoryNative.MsAsync) == 0;
}
