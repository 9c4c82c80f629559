using DataPlane.Control.Forecast;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>The steps of a blackout: the product's first guesses, or what was measured where it was.</summary>
internal static class VirtualCosts
{
    public static SwitchoverCosts Of(PredictOptions options)
    {
        var costs = new SwitchoverCosts();
        var half = options.Link.RoundTrip.TotalMicroseconds / 2;
        Take("stop", costs.Stop, 0);
        Take("load-state", costs.Loading, options.Guest.DeviceLoadTime.TotalMicroseconds);
        Take("prepared", costs.Prepared, half);
        Take("give", costs.Give, 0);
        Take("commit", costs.Commit, half);
        Take("take", costs.Take, 0);
        Take("resume", costs.Resume, 0);
        return costs;

        // What a step took has the way of its message in it, or the time that the host declares.
        void Take(string step, StepCost cost, double less)
        {
            if (options.Machine.StepsUs.TryGetValue(step, out var measured)) cost.Add(TimeSpan.FromMicroseconds(Math.Max(0, measured - less)));
        }
    }
}
