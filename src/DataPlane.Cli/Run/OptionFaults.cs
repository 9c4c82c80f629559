namespace DataPlane.Cli.Run;

/// <summary>Faults that the library finds in options speak of its properties; a user of the program knows the options.</summary>
internal static class OptionFaults
{
    private static readonly (string Property, string Option)[] _names =
    [
        ("MemoryBytes", "--memory"), ("Vcpus", "--vcpus"), ("DirtyBytesPerSecond", "--dirty"), ("Pattern", "--pattern"),
        ("WorkingSetBytes", "--working-set"), ("Fill", "--fill"), ("DeviceStateBytes", "--device-state"),
        ("DeviceSaveTime", "--device-save-time"), ("DeviceLoadTime", "--device-load-time"), ("DeviceSurprise", "--device-surprise"),
        ("MemoryFile", "--memory-dir"), ("Channels", "--channels"), ("DowntimeLimit", "--downtime-limit"),
        ("AvailSwitchoverBytesPerSecond", "--avail-switchover-bandwidth"), ("HandoverTimeout", "--handover-timeout"),
        ("OnTimeout", "--on-timeout"), ("Timeout", "--timeout"), ("Congestion", "--congestion"),
    ];

    /// <summary>Throws <see cref="UsageException"/> with all of <paramref name="faults"/> in one line, if there are any.</summary>
    public static void Throw(IReadOnlyList<string> faults)
    {
        if (faults.Count == 0) return;
        var line = string.Join(" ", faults);
        // A property's name as a whole word: Timeout must not be replaced within HandshakeTimeout.
        foreach (var (property, option) in _names)
            line = System.Text.RegularExpressions.Regex.Replace(line, $@"\b{property}\b", option);
        throw new UsageException(line);
    }
}
