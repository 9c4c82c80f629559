using DataPlane.Control.Timeline;
using DataPlane.Core.Wire.Messages;
using DataPlane.Transport.Receiving;

namespace DataPlane.Destination;

/// <summary>Hands the device state to the host, section by section, when all of it is here and is what the source says it sent.</summary>
internal sealed class StateLoading(DestinationState state, ReceivedSection[] sections)
{
    /// <summary>When each section's load began and ended.</summary>
    public async Task<LoadTiming[]> RunAsync(SwitchoverMessage switchover)
    {
        if (switchover.Sections.Length != sections.Length)
            throw state.Violation($"The source saved {switchover.Sections.Length} device sections; {sections.Length} were agreed on.");
        state.Deadline.TellHost(state.Host, state.Clock);
        var stopping = state.Fault.Stopping;
        var marks = new HostMarks(state.WrittenByHost);
        var timings = new LoadTiming[sections.Length];
        for (var i = 0; i < sections.Length; i++)
        {
            if (switchover.Sections[i].Size < 0 || switchover.Sections[i].Size > sections[i].Declared)
                throw state.Violation($"Device section '{sections[i].Id}' is said to have {switchover.Sections[i].Size} bytes; at most {sections[i].Declared} were announced.");
            var bytes = sections[i].Complete(switchover.Sections[i], stopping, out var fault) ?? throw state.Violation(fault!);
            stopping.ThrowIfCancellationRequested();
            var section = state.Sections[i];
            var start = state.Clock.Nanoseconds;
            state.Step = $"load-state {section.Id}";
            try
            {
                await state.Calls.RunAsync(state.Step, () => state.Host.LoadAsync(section, bytes, marks, stopping), stopping);
            }
            finally
            {
                timings[i] = new LoadTiming(start, state.Clock.Nanoseconds);
                state.Blackout.Add(BlackoutStageKind.LoadState, i, start, timings[i].EndNanoseconds);
            }
        }
        return timings;
    }
}
