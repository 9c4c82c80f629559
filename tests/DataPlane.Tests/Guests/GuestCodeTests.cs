using System.Diagnostics;
using System.Runtime.InteropServices;
using DataPlane.Guests;
using DataPlane.Guests.Writing;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>
/// guest.c, compiled for this process, writes what the model in C# writes: every byte of every page, and every count. This is how its code is known to be right where there
/// is no KVM; where there is, a vCPU's pages are compared as well.
/// </summary>
public sealed unsafe class GuestCodeTests : IDisposable
{
    private const int Pages = 700;
    private const ulong Batch = 4000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void EveryPatternWriteAndContent_IsTheModelsToTheByte()
    {
        var run = Compile();
        foreach (var pattern in Enum.GetValues<DirtyPattern>())
            foreach (var write in Enum.GetValues<DirtyWrite>())
                foreach (var content in Enum.GetValues<DirtyContent>())
                    Compare(run, Writer(pattern, write, content), $"{pattern}, {write}, {content}");
    }

    [SkippableTheory]
    [InlineData(1, 0)]
    [InlineData(1, 1UL << 31)]
    [InlineData(40, (3UL << 32) + 12345)]
    [InlineData(Pages, 1UL << 32)]
    [InlineData(Pages - 1, ((ulong)Pages << 32) - 1)]
    public void AHotSetThatDrifts_IsTheModelsToTheByte(ulong hotPages, ulong drift)
    {
        var writer = Writer(DirtyPattern.HotCold, DirtyWrite.Word, DirtyContent.Random);
        (writer.HotPages, writer.Drift, writer.HotStart) = (hotPages, drift, (Pages - 2UL) << 32);
        Compare(Compile(), writer, $"{hotPages} hot pages, drift {drift}");
    }

    private static void Compare(delegate* unmanaged<WriterBlock*, nuint, void> run, WriterBlock writer, string what)
    {
        using var real = new NativePages(Pages);
        using var model = new NativePages(Pages);
        new Random(3).NextBytes(real.Span);
        real.Span.CopyTo(model.Span);
        var quantiles = ZipfTable.Make(Pages);
        var list = Enumerable.Range(0, (int)Batch).Select(i => (uint)(i * 37 % Pages)).ToArray();
        fixed (uint* table = quantiles, listed = list)
        {
            var guest = writer with { Quantiles = (ulong)table, List = (ulong)listed };
            run(&guest, (nuint)real.Address);
            for (var left = writer.Batch; left > 0; left--)
                PageWrite.Apply(ref writer, (ulong*)model.Page((int)PageChoice.Next(ref writer, table, listed, left)));
            Assert.Equal((writer.Count, writer.Same, writer.HotStart), (guest.Count, guest.Same, guest.HotStart));
        }
        Assert.True(real.Span.SequenceEqual(model.Span), $"{what}: byte {real.Span.CommonPrefixLength(model.Span)} differs.");
        Assert.Equal(Batch, writer.Count);
    }

    private static WriterBlock Writer(DirtyPattern pattern, DirtyWrite write, DirtyContent content)
    {
        var options = new GuestOptions { Kind = GuestKind.Synthetic, MemoryBytes = (long)Pages << 12, WorkingSetBytes = 30L << 12, Write = write, Content = content, Seed = 11 };
        var writer = WriterPlan.Make(options)[0];
        (writer.Pattern, writer.Batch) = ((ulong)pattern, Batch);
        return writer;
    }

    private delegate* unmanaged<WriterBlock*, nuint, void> Compile()
    {
        var library = _folder.At("guest.so");
        var tests = Path.Combine(Repository.Root, "tests", "DataPlane.Tests", "Guests");
        var sources = Path.Combine(Repository.Root, "src", "DataPlane.Guests", "Kvm");
        try
        {
            using var gcc = Process.Start("gcc", ["-O2", "-shared", "-fPIC", "-I", sources, "-o", library, Path.Combine(tests, "host_guest.c")]);
            gcc.WaitForExit();
            Assert.Equal(0, gcc.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, "gcc is not here to compile the guest's code for this host.");
        }
        return (delegate* unmanaged<WriterBlock*, nuint, void>)NativeLibrary.GetExport(NativeLibrary.Load(library), "run");
    }
}
