using DataPlane.Core.Errors;
using DataPlane.Native;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>Whatever happens inside a call comes out as a code and a sentence: in the library an exception that left an export would end the host's process.</summary>
public sealed class CallTests
{
#pragma warning disable CA2201 // Made as the runtime makes them.
    public static TheoryData<Exception, int> Faults => new()
    {
        { new InvalidOperationException("a fault"), DpError.State },
        { new ArgumentException("a fault", "name"), DpError.Argument },
        { new OutOfMemoryException(), -(int)MigrationErrorCode.OutOfResources },
        { new IOException("a fault"), DpError.Unavailable },
        { new ObjectDisposedException("it"), DpError.StaleHandle },
        { new NullReferenceException("a fault"), -(int)MigrationErrorCode.Internal },
        { new AggregateException(new DivideByZeroException()), -(int)MigrationErrorCode.Internal },
        { new MigrationException(new MigrationError(MigrationErrorCode.Timeout, MigrationSide.Source, "step", "A fault.")), -(int)MigrationErrorCode.Timeout },
    };
#pragma warning restore CA2201

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_thrown_inside_becomes_a_code_and_a_sentence(Exception fault, int code)
    {
        var thing = new Thing();
        var handle = HandleTable.Add(thing);
        Assert.Equal(code, Call.On<Thing>(handle, HandleKind.Costs, _ => throw fault));
        Assert.NotEmpty(thing.LastError);
        Assert.Equal(thing.LastError, Call.LastError);
        Assert.DoesNotContain("Parameter", thing.LastError, StringComparison.Ordinal);
        Assert.Equal(0, Call.Destroy(handle, HandleKind.Costs));
    }

    [Fact]
    public void A_handle_of_a_place_that_was_given_out_again_is_stale()
    {
        var first = HandleTable.Add(new Thing());
        Assert.Equal(0, Call.Destroy(first, HandleKind.Costs));
        var second = HandleTable.Add(new Thing());
        Assert.NotEqual(first, second);
        Assert.Equal(DpError.StaleHandle, Call.On<Thing>(first, HandleKind.Costs, _ => { }));
        Assert.Equal(0, Call.Destroy(second, HandleKind.Costs));
    }

    /// <summary>Any number that is no handle is told so; none is followed.</summary>
    [Fact]
    public void No_other_number_passes_for_a_handle()
    {
        var handle = HandleTable.Add(new Thing());
        for (var bit = 0; bit < 64; bit++)
        {
            var code = Call.On<Thing>(handle ^ (nint)(1L << bit), HandleKind.Costs, _ => { });
            Assert.True(code is DpError.ForeignHandle or DpError.StaleHandle, $"bit {bit}: {code}");
        }
        Assert.Equal(DpError.NullHandle, Call.On<Thing>(0, HandleKind.Costs, _ => { }));
        Assert.Equal(0, Call.Destroy(handle, HandleKind.Costs));
    }

    [Fact]
    public void What_is_used_is_not_destroyed()
    {
        var thing = new Thing();
        var handle = HandleTable.Add(thing);
        thing.Use();
        Assert.Equal(DpError.Busy, Call.Destroy(handle, HandleKind.Costs));
        thing.Unuse();
        Assert.Equal(0, Call.Destroy(handle, HandleKind.Costs));
    }

    [Fact]
    public void Two_who_destroy_one_thing_at_once_destroy_it_once()
    {
        for (var round = 0; round < 200; round++)
        {
            var thing = new Thing();
            var handle = HandleTable.Add(thing);
            var codes = new int[2];
            Parallel.For(0, 2, i => codes[i] = Call.Destroy(handle, HandleKind.Costs));
            Assert.Equal(1, thing.Destroyed);
            Assert.Equal([DpError.StaleHandle, 0], codes.Order());
        }
    }

    private sealed class Thing() : NativeObject(HandleKind.Costs)
    {
        public int Destroyed { get; private set; }

        public override void Destroy()
        {
            RefuseWhileUsed("The thing");
            Destroyed++;
        }
    }
}
