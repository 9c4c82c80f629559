namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>The scenarios that come with the program, as files to start from.</summary>
internal static class ScenarioSets
{
    private const string Prefix = "stress-set-";

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ScenarioSets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The file of the set of that name, one of <see cref="Names"/>.</summary>
    public static byte[] Text(string name)
    {
        using var stream = typeof(ScenarioSets).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new ArgumentException($"There is no set '{name}'.", nameof(name));
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }
}
