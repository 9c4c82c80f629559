using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Native.Hosting;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;
using DataPlane.Results;

namespace DataPlane.Native.Migrations;

/// <summary>The side the guest goes to.</summary>
internal sealed unsafe class DestinationMigration : Migration
{
    private readonly MigrationDestination _destination;
    private Listener? _listener;

    public DestinationMigration(GuestRam ram, DpHost host, DpDestinationOptions* options)
        : base(ram)
    {
        ram.BeginMigration();
        try
        {
            var read = new OptionReader();
            Host = new NativeHost(host, ram, isSource: false, owner: this, read);
            var wanted = DestinationOptions.Read(options, read);
            read.Throw();
            _destination = new MigrationDestination(ram.Blocks, Host, wanted);
        }
        catch
        {
            Host?.Dispose();
            Events.Dispose();
            ram.EndMigration();
            throw;
        }
        _destination.StatusChanged += Events.Moved;
    }

    public override MigrationProgress Progress => _destination.Progress;

    public void Start(Listener listener)
    {
        listener.Use();
        try
        {
            Start(cancel => _destination.RunAsync(listener.Bound, cancel));
        }
        catch
        {
            listener.Unuse();
            throw;
        }
        _listener = listener; // Until this is destroyed: an outcome in doubt is settled on it too.
    }

    public void Start(IReadOnlyList<Socket> sockets) => Start(cancel => _destination.RunAsync(sockets, cancel));

    protected override Task<MigrationResult> SettleAsync(MigrationSide? told, CancellationToken cancel) => _destination.SettleAsync(told, cancel);

    protected override void DisposeSide()
    {
        _destination.StatusChanged -= Events.Moved;
        _destination.Dispose();
        _listener?.Unuse();
    }
}
