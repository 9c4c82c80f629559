using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

public sealed class DirtyWitnessTests
{
    [Fact]
    public void WhatIsReported_IsHandedOn_AndCounted()
    {
        var memory = AddressOnlyMemory.OfPages(600, 5);
        using var marks = new ExplicitDirtySource(memory);
        using var witness = new DirtyWitness(marks, memory);
        using var dirty = new DirtyBitmap(memory);
        marks.Mark(memory.Blocks[0], 511 << 12, 2 << 12);
        marks.Mark(memory.Blocks[1], 4 << 12, 1);
        Assert.Equal(3, witness.Sync(dirty));
        marks.Mark(memory.Blocks[0], 512 << 12, 2 << 12);
        Assert.Equal(1, witness.Sync(dirty)); // One of them was marked already.
        Assert.Equal(4, dirty.Count());
        Assert.Equal((5, 4), (witness.PagesReported, witness.DistinctPages));
        Assert.Equal("explicit", witness.Name);
    }
}
