namespace DataPlane.Cli.Doctor;

/// <summary>A kernel's release as a version: <c>6.12.9-amd64</c> is 6.12.</summary>
internal static class KernelVersion
{
    /// <summary>What brings a newer kernel on Debian.</summary>
    public const string NewKernel = "apt-get install linux-image-$(dpkg --print-architecture) && reboot";

    public static Version? Parse(string? release)
    {
        var parts = (release ?? "").Split('.', '-', '+', '_');
        return parts.Length >= 2 && int.TryParse(parts[0], out var major) && int.TryParse(parts[1], out var minor) ? new Version(major, minor) : null;
    }
}
