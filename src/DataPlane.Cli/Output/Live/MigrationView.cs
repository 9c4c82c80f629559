using DataPlane.Results;

namespace DataPlane.Cli.Output.Live;

/// <summary>A migration under way. While the guest stands still it is not looked at: what would be counted then is counted in the blackout.</summary>
/// <param name="status">Where it is; costs nothing.</param>
/// <param name="progress">How it stands.</param>
/// <param name="limit">The blackout aimed for; null on the destination.</param>
internal sealed class MigrationView(Func<MigrationStatus> status, Func<MigrationProgress> progress, TimeSpan? limit) : IProgressView
{
    private readonly ProgressHistory _history = new();

    public static MigrationView Of(MigrationSource source, TimeSpan limit) => new(() => source.Status, () => source.Progress, limit);

    public static MigrationView Of(MigrationDestination destination, string waiting) =>
        new(() => destination.Status, () => destination.Progress, limit: null) { Waiting = waiting };

    /// <summary>What is said before it begins.</summary>
    public string? Waiting { get; init; }

    /// <summary>What it is one of, as a line above it; null where there is only this.</summary>
    public Func<string>? Heading { get; init; }

    public bool IsQuiet => status() == MigrationStatus.Device;

    public string? Line() => Look() is { } now ? ProgressLine.Of(now, limit) : Waiting;

    public IReadOnlyList<ScreenLine> Screen(ScreenSize size)
    {
        if (Look() is not { } now) return Waiting is null ? [] : [ScreenLine.Of(Waiting)];
        _history.Add(now);
        return MigrationScreen.Lines(new MigrationPicture(now, _history, limit) { Heading = Heading?.Invoke(), Unicode = ErrorTerminal.ShowsUnicode }, size);
    }

    private MigrationProgress? Look() => Waiting is null || status() != MigrationStatus.None ? progress() : null;
}
