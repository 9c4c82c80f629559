using System.Net.Sockets;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Native.Dirty;
using DataPlane.Native.Handles;
using DataPlane.Native.Hosting;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Native.Structs;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Native.Migrations;

/// <summary>The side the guest leaves.</summary>
internal sealed unsafe class SourceMigration : Migration
{
    private readonly MigrationSource _source;
    private readonly ExplicitDirtySource _marks;
    private readonly List<DirtyTracker> _trackers = [];
    private MigrationOptions _options;

    public SourceMigration(GuestRam ram, ReadOnlySpan<nint> dirty, DpHost host, DpSourceOptions* options)
        : base(ram)
    {
        ExplicitDirtySource? marks = null;
        ram.BeginMigration();
        try
        {
            foreach (var handle in dirty)
            {
                var tracker = HandleTable.Get<DirtyTracker>(handle, HandleKind.Dirty);
                tracker.BeginMigration(ram);
                _trackers.Add(tracker);
            }
            var read = new OptionReader();
            Host = host.Throttle == null ? new NativeHost(host, ram, isSource: true, owner: this, read) : new ThrottlingHost(host, ram, isSource: true, owner: this, read);
            _options = SourceOptions.Read(options, Host, read);
            read.Throw();
            marks = new ExplicitDirtySource(ram.Blocks);
            IDirtySource tracking = _trackers.Count == 0 ? marks : new CompositeDirtySource([.. _trackers.Select(tracker => tracker.Source), marks]);
            _source = new MigrationSource(ram.Blocks, tracking, Host, _options);
            Costs = options == null || options->Costs == 0 ? null : HandleTable.Get<Costs>(options->Costs, HandleKind.Costs);
            Costs?.Use();
        }
        catch
        {
            marks?.Dispose();
            Host?.Dispose();
            Events.Dispose();
            _trackers.ForEach(tracker => tracker.EndMigration());
            ram.EndMigration();
            throw;
        }
        _marks = marks;
        ram.SendMarksTo(new SourceMarks(ram.Blocks, marks));
        _source.StatusChanged += Events.Moved;
    }

    public override MigrationProgress Progress => _source.Progress;

    public DpSourceUpdate Changeable => SourceOptions.Changeable(_options);

    public void Start(MigrationAddress to) => Start(cancel => _source.RunAsync(to, cancel));

    public void Start(IReadOnlyList<Socket> sockets) => Start(cancel => _source.RunAsync(sockets, cancel));

    public void Continue()
    {
        var gone = _source.ContinueAsync();
        if (gone.IsFaulted) gone.GetAwaiter().GetResult();
    }

    public void Update(DpSourceUpdate update)
    {
        lock (_trackers)
        {
            var changed = _options;
            _source.Update(now => changed = SourceOptions.Change(now, update, Host));
            _options = changed;
        }
    }

    protected override Task<MigrationResult> SettleAsync(MigrationSide? told, CancellationToken cancel) => _source.SettleAsync(told, cancel);

    protected override void DisposeSide()
    {
        _source.StatusChanged -= Events.Moved;
        _source.Dispose();
        Ram.SendMarksTo(null);
        _trackers.ForEach(tracker => tracker.EndMigration());
        _marks.Dispose();
    }
}
