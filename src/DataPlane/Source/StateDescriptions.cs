using System.Globalization;
using System.Text.Json.Nodes;
using DataPlane.Core.Wire;
using DataPlane.Host;
using DataPlane.Results;

namespace DataPlane.Source;

/// <summary>
/// The device state's description of itself, from the bytes kept, when the migration is over: what QEMU writes into its stream with the guest
/// stopped costs no blackout here.
/// </summary>
internal static class StateDescriptions
{
    /// <summary>One for each section that was saved; null where nobody asked, or nothing was saved.</summary>
    public static IReadOnlyList<DeviceStateDescription>? Of(SourceState state) =>
        state.Options.DescribeDeviceState && state.Final?.StateReady > 0 ? [.. state.Sections.Select(section => Of(state, section.Declared, section.Saved.Memory))] : null;

    private static DeviceStateDescription Of(SourceState state, DeviceSection section, ReadOnlyMemory<byte> bytes)
    {
        JsonNode? description = null;
        string? fault = null;
        try
        {
            description = (state.Host as IDeviceStateDescriber)?.Describe(section, bytes);
        }
        catch (Exception failed) // The guest has gone or stayed by now: whatever the host does here changes nothing about it.
        {
            fault = failed.Message;
        }
        var sum = Crc32c.Of(bytes.Span).ToString("x8", CultureInfo.InvariantCulture);
        return new DeviceStateDescription(section.Id, section.Version, section.Size, bytes.Length, sum, description, fault);
    }
}
