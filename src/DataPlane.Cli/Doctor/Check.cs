namespace DataPlane.Cli.Doctor;

/// <summary>How a thing stands for a migration.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and could work better.</summary>
    Note,

    /// <summary>It is not to be had here.</summary>
    Missing,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Group">What it belongs to.</param>
/// <param name="Name">Stable name in kebab case; for a network interface with the kernel's name of it.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Found">What the kernel says.</param>
/// <param name="Meaning">What that means for a migration.</param>
/// <param name="Fix">The command that mends it; null where nothing is to be mended, or no command does.</param>
internal sealed record Check(string Group, string Name, CheckStatus Status, string Found, string Meaning, string? Fix)
{
    /// <summary>Whether no migration is possible while it is missing.</summary>
    public bool Essential { get; init; }
}
