using DataPlane.Options;

namespace DataPlane.Tools.Predict;

/// <summary>What a prediction is made from. Immutable; checked as a whole by <see cref="Validate"/>.</summary>
public sealed record PredictOptions
{
    /// <summary>The guest.</summary>
    public PredictGuest Guest { get; init; } = new();

    /// <summary>The link.</summary>
    public PredictLink Link { get; init; } = new();

    /// <summary>The machines.</summary>
    public MachinePrices Machine { get; init; } = new();

    /// <summary>How it would be sent, and when the guest may be stopped. Nobody is asked on a stall: that counts as waiting.</summary>
    public MigrationOptions Migration { get; init; } = new();

    /// <summary>Where each figure comes from, to stand in the result.</summary>
    public IReadOnlyList<PredictInput> Inputs { get; init; } = [];

    /// <summary>Every fault as a sentence; empty when they are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>([.. Guest.Validate(), .. Migration.Validate()]);
        if (!(Link.BytesPerSecond > 0 && double.IsFinite(Link.BytesPerSecond))) faults.Add($"A link carries more than {Link.BytesPerSecond} bytes per second.");
        if (Link.RoundTrip < TimeSpan.Zero) faults.Add("A round trip takes no less than 0.");
        if (Machine.Cores < 1) faults.Add($"A machine has at least 1 core, not {Machine.Cores}.");
        return faults;
    }
}
