using DataPlane.Native.Errors;
using DataPlane.Native.Handles;

namespace DataPlane.Native.Migrations;

/// <summary>A <c>dp_listener</c>.</summary>
internal sealed class Listener(string address) : NativeObject(HandleKind.Listener)
{
    public MigrationListener Bound { get; } = MigrationListener.Bind(Address.Parse(address));

    public override void Destroy()
    {
        RefuseWhileUsed("The dp_listener");
        Bound.Dispose();
    }
}

/// <summary>Addresses as text.</summary>
internal static class Address
{
    public static MigrationAddress Parse(string text) => MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw NativeException.Argument(fault!);
}
