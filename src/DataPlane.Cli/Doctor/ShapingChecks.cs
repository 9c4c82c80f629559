using DataPlane.Cli.Units;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>Whether the kernel holds an interface to less than it could carry.</summary>
/// <param name="files">Of the interfaces.</param>
/// <param name="rules">Null where the kernel does not tell.</param>
internal sealed class ShapingChecks(HostFiles files, IReadOnlyList<QueueRule>? rules)
{
    private const string Group = "network";

    /// <summary>Queueing disciplines that can hold a link to a rate; what their rate is stands elsewhere, or in more than one place.</summary>
    private static readonly string[] _others = ["htb", "hfsc", "cake", "netem", "cbq"];

    public IEnumerable<Check> All()
    {
        if (rules is null)
        {
            yield return new Check(Group, "shaping", CheckStatus.Note, "the kernel does not tell", "Queueing disciplines can hold an interface to a rate; 'tc qdisc' lists them.", null);
            yield break;
        }
        var names = files.Names("sys/class/net").ToLookup(name => files.Number($"sys/class/net/{name}/ifindex"));
        var held = rules.Where(rule => rule.Kind == "tbf" || _others.Contains(rule.Kind)).Select(rule => Of(rule, names[rule.Interface].FirstOrDefault() ?? $"number {rule.Interface}")).ToList();
        if (held.Count == 0) yield return new Check(Group, "shaping", CheckStatus.Ok, "none", "No queueing discipline holds an interface to a rate.", null);
        foreach (var check in held) yield return check;
    }

    private static Check Of(QueueRule rule, string name) => new(
        Group, $"shaping {name}", CheckStatus.Note,
        rule.BytesPerSecond is { } rate ? $"{rule.Kind}, {ForPeople.BitRate(rate)}" : $"{rule.Kind}, which may hold it to a rate, or delay and lose packets",
        rule.BytesPerSecond is > 0 and var slow
            ? $"What leaves here goes no faster, whatever the driver tells: 1 GiB takes {(1L << 30) / (double)slow:0.##} s. 'dataplane link' measures it."
            : "What leaves here goes by its rules, whatever the driver tells. 'dataplane link' measures it.",
        rule.IsRoot ? $"tc qdisc del dev {name} root" : null);
}
