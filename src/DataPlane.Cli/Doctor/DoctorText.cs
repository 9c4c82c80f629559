using DataPlane.Cli.Options;

namespace DataPlane.Cli.Doctor;

/// <summary>All checks for people: a table by groups, and below each what it means and what mends it.</summary>
internal static class DoctorText
{
    private static readonly string _ok = Readers.Name(CheckStatus.Ok);

    public static void Write(TextWriter writer, IReadOnlyList<Check> checks)
    {
        WriteTable(writer, [.. checks.Select(DoctorReport.ItemOf)], group => group);
        writer.WriteLine(Verdict("here", checks, []));
    }

    /// <summary>What another host tells of itself that is not as it should be, and what is judged of the two together.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<Check> checks, PeerFindings found)
    {
        var host = found.Host;
        writer.WriteLine();
        writer.WriteLine($"{host.Name}, {found.Address}: {host.Architecture}, Linux {host.Kernel}, dataplane {host.Version}");
        DoctorReport.Item[] lacks = [.. host.Checks.Where(item => item.Status != _ok)];
        if (lacks.Length == 0) writer.WriteLine("  all checks of its own are ok");
        WriteTable(writer, lacks, group => $"{group}, of {host.Name}");
        writer.WriteLine();
        WriteTable(writer, [.. found.Between.Select(DoctorReport.ItemOf)], group => $"{group} this host and {host.Name}");
        string[] unfit = host.CanMigrate ? [] : [$"what {host.Name} itself lacks"];
        writer.WriteLine(Verdict($"from here to {host.Name}", [.. checks, .. found.Between], unfit));
    }

    private static void WriteTable(TextWriter writer, DoctorReport.Item[] checks, Func<string, string> title)
    {
        var width = checks.Select(check => check.Name.Length).DefaultIfEmpty().Max();
        foreach (var group in checks.GroupBy(check => check.Group))
        {
            writer.WriteLine(title(group.Key));
            foreach (var check in group)
            {
                writer.WriteLine($"  {check.Status,-7}  {check.Name.PadRight(width)}  {check.Found}");
                var indent = new string(' ', 13);
                writer.WriteLine($"{indent}{check.Meaning}");
                if (check.Fix is not null) writer.WriteLine($"{indent}$ {check.Fix}");
            }
        }
    }

    private static string Verdict(string where, IReadOnlyList<Check> checks, IReadOnlyList<string> further)
    {
        string[] lacking = [.. checks.Where(check => check is { Essential: true, Status: CheckStatus.Missing }).Select(check => check.Name), .. further];
        var (notes, missing) = (checks.Count(check => check.Status == CheckStatus.Note), checks.Count(check => check.Status == CheckStatus.Missing));
        var counts = $"{checks.Count - notes - missing} ok, {notes} to note, {missing} missing";
        return lacking.Length == 0 ? $"A migration can work {where}: {counts}." : $"No migration can work {where} for want of {string.Join(", ", lacking)}: {counts}.";
    }
}
