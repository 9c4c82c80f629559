using DataPlane.Native.Errors;
using DataPlane.Native.Structs;
using DataPlane.Options;

namespace DataPlane.Native.Options;

/// <summary>A <c>dp_destination_options</c> as the library takes it.</summary>
internal static unsafe class DestinationOptions
{
    /// <summary>Reads <paramref name="from"/>; null are the defaults.</summary>
    public static MigrationDestinationOptions Read(DpDestinationOptions* from)
    {
        if (from == null) return new MigrationDestinationOptions();
        var o = StructCopy.Read<DpDestinationOptions>(from, "dp_destination_options");
        StructCopy.Zero(o.Reserved | (uint)o.Reserved2, "dp_destination_options");
        return new MigrationDestinationOptions
        {
            Memory = o.Memory switch
            {
                0 => DestinationMemory.Unmapped,
                1 => DestinationMemory.Fresh,
                2 => DestinationMemory.Populated,
                _ => throw NativeException.Argument($"memory is {o.Memory}, which is no DP_MEMORY_*."),
            },
            Populate = OptionReading.Flag(o.Populate, "populate"),
            MaxChannels = OptionReading.Count(o.MaxChannels, "max_channels"),
            MaxDeviceStateBytes = o.MaxDeviceStateBytes,
            HandshakeTimeout = Microseconds.ToTime(o.HandshakeTimeoutUs),
            IdleTimeout = Microseconds.ToTime(o.IdleTimeoutUs),
            HandoverTimeout = Microseconds.ToTime(o.HandoverTimeoutUs),
            Retain = Microseconds.ToTime(o.RetainUs),
            Congestion = NativeText.Read(o.Congestion, "congestion") ?? "auto",
            ChannelCores = OptionReading.Cores(o.Cores, o.CoreCount),
            ThreadPrefix = NativeText.Read(o.ThreadPrefix, "thread_prefix") ?? "dp",
            Journal = NativeText.Read(o.Journal, "journal"),
            JournalSync = OptionReading.Flag(o.JournalSync, "journal_sync"),
            Arbiter = OptionReading.Arbiter(o.Arbiter, o.ArbiterFolder),
            Log = OptionReading.Log(o.Log, o.LogOpaque),
        };
    }
}
