using System.Text.Json.Nodes;

namespace DataPlane.Host;

/// <summary>
/// A host that can say in words what a saved state holds, for whoever has to find out why it does not load elsewhere. Optional, beside
/// <see cref="IMigrationHost"/>; asked only where <see cref="Options.MigrationOptions.DescribeDeviceState"/> is set, and never in the blackout.
/// </summary>
public interface IDeviceStateDescriber
{
    /// <summary>
    /// Source, when the migration is over, however it ended: by then the guest runs. Describes the state that
    /// <see cref="IMigrationHost.SaveAsync"/> wrote for <paramref name="section"/>: fields with their names, places and sizes, versions, whatever
    /// helps. Null: nothing to say. What it throws is put into the result and harms nothing. The bytes are valid during the call only.
    /// </summary>
    JsonNode? Describe(DeviceSection section, ReadOnlyMemory<byte> state);
}
