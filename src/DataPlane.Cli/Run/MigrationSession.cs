using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Record;
using DataPlane.Cli.Report;
using DataPlane.Cli.Units;
using DataPlane.Guests;

namespace DataPlane.Cli.Run;

/// <summary>What a command that migrates has settled before it begins, and where it writes.</summary>
internal sealed record MigrationSession(
    ParseResult Parse, EffectiveOptions Options, GuestChoice Guest, ulong Seed,
    ProgressDisplay Display, JsonOutput Json, ReportOutput Report, TextWriter Out, Interrupts Interrupts)
{
    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancel => Interrupts.Token;

    /// <summary>Shows work that has no numbers of its own, with the time it has taken so far.</summary>
    public void ShowWork(string what)
    {
        var since = Stopwatch.GetTimestamp();
        Display.Show(() => string.Create(CultureInfo.InvariantCulture, $"{what}, {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
    }

    /// <summary>Says which guest it is to be, and why not the one that would have been preferred: when nothing is wrong with the options any more.</summary>
    public void NoteGuest(string words)
    {
        if (Guest.Note is not null) Display.Note(Guest.Note);
        Display.Note(words);
    }

    /// <summary>The guest that was settled, as people call it.</summary>
    public string GuestWords(GuestOptions guest) =>
        $"{MachineWords(guest)}, dirty {DirtyWords.Of(guest.Orders)}, seed {Seed}";

    /// <summary>What of it both sides must know.</summary>
    public static string MachineWords(GuestOptions guest) =>
        $"guest: {(guest.Kind == GuestKind.Kvm ? "KVM" : "synthetic")}, {ForPeople.Size(guest.MemoryBytes)}, "
        + (guest.Kind, guest.Vcpus) switch
        {
            (_, 1) => guest.Kind == GuestKind.Kvm ? "1 vCPU" : "1 writer thread",
            (GuestKind.Kvm, var many) => $"{many} vCPUs",
            (_, var many) => $"{many} writer threads",
        };
}
