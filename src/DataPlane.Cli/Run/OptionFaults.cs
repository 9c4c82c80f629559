namespace DataPlane.Cli.Run;

/// <summary>Faults that the library finds in options speak of its own properties; a user of the program knows the options.</summary>
internal static class OptionFaults
{
    /// <summary>Words of a fault and the option they are about. The first that occurs counts, so longer ones stand first.</summary>
    private static readonly (string Words, string Option)[] _names =
    [
        ("working set", "--working-set"), ("device state", "--device-state"), ("save time", "--device-save-time"),
        ("load time", "--device-load-time"), ("surprise", "--device-surprise"), ("dirty source", "--dirty-source"), ("drift", "--drift"), ("dirty rate", "--dirty"), ("trace to replay", "--replay"), ("replays a trace", "--replay"), ("phase", "--phases"), ("Dirty pattern", "--pattern"),
        ("Memory fill", "--fill"), ("Guest memory", "--memory"), ("bytes of memory", "--memory"), ("vCPUs", "--vcpus"), ("Guest kind", "--guest"),
    ];

    /// <summary>Properties at the beginning of a fault, which gives way to the option. The first that fits counts, so longer ones stand first.</summary>
    private static readonly (string Property, string Option)[] _properties =
    [
        ("AvailSwitchoverBytesPerSecond", "--avail-switchover-bandwidth"), ("MaxBytesPerSecond", "--max-bandwidth"), ("LocalAddresses", "--bind"), ("CompressThreads", "--compress-threads"), ("Channels", "--channels"), ("DowntimeLimit", "--downtime-limit"),
        ("MemoryBytes", "--memory"), ("FinalSetBytes", "--final-set"), ("HandoverTimeout", "--handover-timeout"), ("OnTimeout", "--on-timeout"), ("Timeout", "--timeout"), ("Congestion", "--congestion"), ("Jitter", "--link-jitter"),
    ];

    /// <summary>Throws <see cref="UsageException"/> with all of <paramref name="faults"/> in one line, if there are any.</summary>
    public static void Throw(IReadOnlyList<string> faults)
    {
        if (faults.Count > 0) throw new UsageException(string.Join(" ", faults.Select(Named)));
    }

    private static string Named(string fault)
    {
        foreach (var (property, option) in _properties)
            if (fault.StartsWith(property, StringComparison.Ordinal) && fault.AsSpan(property.Length) is [' ' or ':', ..])
                return option + fault[property.Length..];
        foreach (var (words, option) in _names)
            if (fault.Contains(words, StringComparison.Ordinal))
                return $"{option}: {fault}";
        return fault;
    }
}
