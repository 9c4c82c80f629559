using DataPlane.Native.Structs;
using DataPlane.Options;

namespace DataPlane.Native.Options;

/// <summary>A <c>dp_destination_options</c> as the library takes it.</summary>
internal static unsafe class DestinationOptions
{
    /// <summary>Reads <paramref name="from"/>; null are the defaults.</summary>
    public static MigrationDestinationOptions Read(DpDestinationOptions* from, OptionReader read)
    {
        if (from == null) return new MigrationDestinationOptions();
        var o = StructCopy.Read<DpDestinationOptions>(from, "dp_destination_options");
        StructCopy.Zero(o.Reserved | (uint)o.Reserved2, "dp_destination_options");
        var options = new MigrationDestinationOptions
        {
            Memory = Memory(o.Memory, read),
            Populate = read.Flag(o.Populate, "populate"),
            MaxChannels = read.Count(o.MaxChannels, "max_channels"),
            MaxDeviceStateBytes = o.MaxDeviceStateBytes,
            AcceptTimeout = o.AcceptTimeoutUs == 0 ? null : Microseconds.ToTime(o.AcceptTimeoutUs),
            HandshakeTimeout = Microseconds.ToTime(o.HandshakeTimeoutUs),
            IdleTimeout = Microseconds.ToTime(o.IdleTimeoutUs),
            HandoverTimeout = Microseconds.ToTime(o.HandoverTimeoutUs),
            Retain = Microseconds.ToTime(o.RetainUs),
            Congestion = read.Text(o.Congestion, "congestion") ?? "auto",
            ChannelCores = read.Cores(o.Cores, o.CoreCount),
            ThreadPrefix = read.Text(o.ThreadPrefix, "thread_prefix") ?? "dp",
            Journal = read.Text(o.Journal, "journal"),
            JournalSync = read.Flag(o.JournalSync, "journal_sync"),
            Arbiter = read.Arbiter(o.Arbiter, o.ArbiterFolder),
            Log = OptionReader.Log(o.Log, o.LogOpaque),
        };
        foreach (var fault in options.Validate()) read.Fault(OptionNames.InC(fault));
        return options;
    }

    private static DestinationMemory Memory(int value, OptionReader read)
    {
        if (value is < 0 or > 2) read.Fault($"memory is {value}, which is no DP_MEMORY_*.");
        return value switch
        {
            1 => DestinationMemory.Fresh,
            2 => DestinationMemory.Populated,
            _ => DestinationMemory.Unmapped,
        };
    }
}
