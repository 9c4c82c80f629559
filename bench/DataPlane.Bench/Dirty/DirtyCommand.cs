using System.Diagnostics;
using System.Globalization;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;

namespace DataPlane.Bench.Dirty;

/// <summary>
/// What starting and reading each dirty source costs on 256 MiB: clean, with 1 % written, with everything written. The guest stands while
/// the clock runs. Medians, and the lowest beside them, since the machine is shared.
/// </summary>
internal static class DirtyCommand
{
    private const int Rounds = 9;

    /// <summary>A vCPU may need 40 us to write a page for the first time, which for all of memory takes longer than all else here.</summary>
    private const int DenseRounds = 3;

    private static readonly (GuestKind Kind, string Source)[] Cases =
    [
        (GuestKind.Kvm, "protect"), (GuestKind.Kvm, "log"), (GuestKind.Kvm, "ring"), (GuestKind.Kvm, "uffd"),
        (GuestKind.Synthetic, "uffd"), (GuestKind.Synthetic, "explicit"), (GuestKind.Synthetic, "vhost"),
    ];

    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"{DirtySubject.MemoryBytes >> 20} MiB, one vCPU or thread, median of {Rounds} ({DenseRounds} where all is written) and lowest, in us");
        Console.WriteLine("| source | start | written | pages | sync | re-protect |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (kind, source) in Cases)
        {
            if (kind == GuestKind.Kvm && !Guest.KvmWorks(out var reason))
            {
                await Console.Error.WriteLineAsync($"{source}: {reason}");
                continue;
            }
            try
            {
                await MeasureAsync(kind, source);
            }
            catch (IOException fault)
            {
                await Console.Error.WriteLineAsync($"{source}: {fault.Message}");
            }
        }
        return 0;
    }

    private static async Task MeasureAsync(GuestKind kind, string source)
    {
        using var subject = DirtySubject.Make(kind, source);
        using var marked = new DirtyBitmap(subject.Memory);
        List<double> starts = [];
        for (var round = 0; round < Rounds; round++)
        {
            subject.Source.Stop();
            starts.Add(Microseconds(subject.Source.Start));
            marked.SetAll();
            Claim(subject, marked); // All of it once, as a first pass does.
        }
        foreach (var (name, pages) in new[] { ("nothing", 0), ("1 %", subject.Memory.PageCount / 100), ("all", subject.Memory.PageCount) })
        {
            List<double> syncs = [], protects = [];
            long found = 0;
            for (var round = 0; round < (pages == subject.Memory.PageCount ? DenseRounds : Rounds); round++)
            {
                if (pages > 0) await subject.WriteAsync(pages);
                syncs.Add(Microseconds(() => found = subject.Source.Sync(marked)));
                if (found < pages * 0.99) throw new InvalidOperationException($"{subject.Source.Name} found {found} of {pages} pages.");
                protects.Add(Microseconds(() => Claim(subject, marked)));
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind.ToString().ToLowerInvariant()}: {subject.Source.Name} | {Text(starts)} | {name} | {found} | {Text(syncs)} | {Text(protects)} |"));
        }
        subject.Source.Stop();
    }

    private static void Claim(DirtySubject subject, DirtyBitmap marked)
    {
        Span<ulong> claimed = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var stripe = 0; stripe < subject.Memory.StripeCount; stripe++)
            if (marked.Claim(stripe, claimed) > 0)
                subject.Source.Reprotect(stripe);
    }

    private static double Microseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private static string Text(List<double> samples)
    {
        samples.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{samples[samples.Count / 2]:0} ({samples[0]:0})");
    }
}
