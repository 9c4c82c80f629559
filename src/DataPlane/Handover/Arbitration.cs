using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Host;
using DataPlane.Sessions;

namespace DataPlane.Handover;

/// <summary>Carries out the effect <see cref="HandoverAct.Claim"/>, and keeps how long that took. One thread at a time.</summary>
internal sealed class Arbitration(IOwnershipArbiter? arbiter, SessionClock clock, SessionLog log, TimeSpan allowed)
{
    /// <summary>Longest id of an arbiter, as its contract has it.</summary>
    public const int LongestId = 200;

    /// <summary>The arbiter's id; empty without one.</summary>
    public string Id => arbiter?.Id ?? "";

    public bool IsConfigured => arbiter is not null;

    /// <summary>When the last claim was made and answered, nanoseconds of the session's clock; 0 where there was none.</summary>
    public long Asked { get; private set; }

    public long Answered { get; private set; }

    /// <summary>What the last answer was; null where there was none.</summary>
    public MigrationSide? Verdict { get; private set; }

    /// <summary>What does not fit about the arbiter that the peer named, as a sentence; null where the sides agree.</summary>
    public string? WhyOther(string peers) => peers == Id ? null
        : Id.Length == 0 ? $"The peer goes by the arbiter '{peers}', and this side by none: name the same one on both sides (--arbiter), or none."
        : peers.Length == 0 ? $"This side goes by the arbiter '{Id}', and the peer by none: name the same one on both sides (--arbiter), or none."
        : $"This side goes by the arbiter '{Id}', and the peer by '{peers}': both must be given the same one.";

    public async ValueTask<HandoverInput> ClaimAsync(HandoverKey key, byte turn)
    {
        Asked = clock.Nanoseconds;
        using var limit = new CancellationTokenSource(allowed, clock.Time);
        try
        {
            var side = await arbiter!.DecideAsync(new OwnershipClaim(key.Image, key.Attempt, turn, key.Side), limit.Token).AsTask().WaitAsync(limit.Token);
            Verdict = side;
            return HandoverInput.Award(side);
        }
        catch (Exception fault) // Whatever it throws means the same: it is not known, not even whether the claim was heard.
        {
            log.Write($"the arbiter did not answer: {fault.Message}");
            return HandoverEvent.ArbiterFailed;
        }
        finally
        {
            Answered = clock.Nanoseconds;
        }
    }
}
