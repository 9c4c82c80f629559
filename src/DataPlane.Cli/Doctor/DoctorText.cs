using DataPlane.Cli.Options;

namespace DataPlane.Cli.Doctor;

/// <summary>All checks for people: a table by groups, and below what is not as it should be what that means and what mends it.</summary>
internal static class DoctorText
{
    public static void Write(TextWriter writer, IReadOnlyList<Check> checks)
    {
        var width = checks.Max(check => check.Name.Length);
        foreach (var group in checks.GroupBy(check => check.Group))
        {
            writer.WriteLine(group.Key);
            foreach (var check in group)
            {
                writer.WriteLine($"  {Readers.Name(check.Status),-7}  {check.Name.PadRight(width)}  {check.Found}");
                var indent = new string(' ', 13);
                writer.WriteLine($"{indent}{check.Meaning}");
                if (check.Fix is not null) writer.WriteLine($"{indent}$ {check.Fix}");
            }
        }
        writer.WriteLine(Verdict(checks));
    }

    private static string Verdict(IReadOnlyList<Check> checks)
    {
        var lacking = checks.Where(check => check is { Essential: true, Status: CheckStatus.Missing }).Select(check => check.Name).ToArray();
        var (notes, missing) = (checks.Count(check => check.Status == CheckStatus.Note), checks.Count(check => check.Status == CheckStatus.Missing));
        var counts = $"{checks.Count - notes - missing} ok, {notes} to note, {missing} missing";
        return lacking.Length == 0 ? $"A migration can work here: {counts}." : $"No migration can work here for want of {string.Join(", ", lacking)}: {counts}.";
    }
}
