namespace DataPlane.Host;

/// <summary>One device's state as it is handed over: what it is called and what it will cost, as far as the host knows beforehand.</summary>
/// <param name="Id">Name, unique within the guest, at most 255 bytes of UTF-8. Both sides list the same ids in the same order.</param>
/// <param name="Version">Version of the contents; the same on both sides, else the destination refuses.</param>
/// <param name="Size">Bytes the state will take, at most. A larger one fails the migration before the handover.</param>
/// <param name="SaveTime">How long <see cref="IMigrationHost.SaveAsync"/> is expected to take.</param>
/// <param name="LoadTime">How long <see cref="IMigrationHost.LoadAsync"/> is expected to take on the other side.</param>
public sealed record DeviceSection(string Id, int Version, long Size, TimeSpan SaveTime = default, TimeSpan LoadTime = default);
