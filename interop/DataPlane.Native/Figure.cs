namespace DataPlane.Native;

/// <summary>Numbers as they cross the border: whole, and -1 where not known.</summary>
internal static class Figure
{
    public static long Of(double? value) => value is { } known ? (long)known : -1;

    public static long Of(long? value) => value ?? -1;
}
