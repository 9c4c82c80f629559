using System.Diagnostics;

namespace DataPlane.Bench.Tools;

/// <summary>A network that programs are started in.</summary>
/// <param name="Namespace">Its name; null for this process' own.</param>
internal sealed record Network(string? Namespace)
{
    /// <summary>This process' own.</summary>
    public static Network Own { get; } = new((string?)null);

    /// <summary>The one that programs are started in by <paramref name="prefix"/>, whose last word is its name; none is this process' own.</summary>
    public static Network Of(IReadOnlyList<string> prefix) => prefix.Count == 0 ? Own : new(prefix[^1]);

    public Process Start(string program, params string[] arguments) =>
        Namespace is null ? ToolRun.Start(program, arguments) : ToolRun.Start("ip", ["netns", "exec", Namespace, program, .. arguments]);

    public Task<string> OutputAsync(string program, params string[] arguments) =>
        Namespace is null ? ToolRun.OutputAsync(program, arguments) : ToolRun.OutputAsync("ip", ["netns", "exec", Namespace, program, .. arguments]);
}
