using System.Text.RegularExpressions;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>
/// The CPU's features that a guest can see and come to depend on. The kernel's list has many more: of the machine's power management, of its virtualization, of what the
/// kernel itself found out.
/// </summary>
internal static partial class CpuFeatures
{
    /// <summary>Of the first CPU, sorted.</summary>
    public static IReadOnlyList<string> Of(HostFiles files)
    {
        if (files.Field("proc/cpuinfo", "flags") is { } flags) return Sorted(flags.Split(' ').Where(flag => Visible().IsMatch(flag)));
        return Sorted((files.Field("proc/cpuinfo", "Features") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)); // Of arm64, where all are the guest's.
    }

    private static string[] Sorted(IEnumerable<string> flags) => [.. flags.Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(
        """
        ^(sse|ssse3|pni|avx|amx|aes|vaes|v?pclmulqdq|gfni|sha|bmi|adx|fma|f16c|movbe|movdir|popcnt|abm|rdrand|rdseed|rdpid|rdtscp|fsgsbase|xsave|xgetbv|clflush|clwb|clzero
        |erms|fsrm|fzrm|fsrs|fsrc|invpcid|pcid|pku|ospke|la57|smep|smap|umip|rtm|hle|cx16|cx8|cmov|mmx|fxsr|lahf_lm|syscall|nx$|lm$|pdpe1gb|tsc_deadline|x2apic|3dnow|misalignsse
        |xop|tbm|serialize|waitpkg|cldemote|enqcmd|user_shstk|ibt|lam$|mpx|prefetchw)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Visible();
}
