using System.Globalization;
using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>How a simulated handover ended.</summary>
/// <param name="End">Where the guest is.</param>
/// <param name="Fault">The rule that was broken; null where none was.</param>
/// <param name="Trace">A hash of everything that happened, in order and with its time: the same seed gives the same.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Time">How long it took, in the simulation's time.</param>
internal sealed record SimulatedHandover(HandoverEnd End, string? Fault, ulong Trace, int Events, TimeSpan Time);

/// <summary>
/// One handover from a seed, in virtual time: connections that carry in order and break with all they carry, delays, timers, slow
/// disks and hosts, processes that are killed and started again. Where the search takes every step that could happen, this takes those
/// that happen in time, over and over; nothing in it waits.
/// </summary>
internal sealed class HandoverSimulator
{
    private const long Microsecond = 1, Millisecond = 1000, Second = 1_000_000;

    /// <summary>Faults come up to here; then the world is left alone.</summary>
    private const long Quiet = 60 * Second;

    private const long HandoverTimeout = 8 * Second;

    private const long Horizon = 400 * Second;

    private readonly Random _random;
    private readonly HandoverBounds _bounds;
    private readonly HandoverScene _scene;
    private readonly HandoverHealing _healing;
    private readonly PriorityQueue<Action, (long Time, long Number)> _agenda = new();
    private readonly double _trouble;
    private World _world;
    private long _now;
    private long _number;
    private long _connection;
    private long _clearToSource, _clearToDestination;
    private bool _connected = true;
    private ulong _trace = 14_695_981_039_346_656_037; // FNV-1a's start; each step mixes in what happened and when.
    private int _events;
    private string? _fault;

    public HandoverSimulator(ulong seed, HandoverRules? rules = null)
    {
        // System.Random of a given seed is the same on every machine and version; that is what replaying rests on.
        _random = new Random((int)(seed ^ (seed >> 32)));
        _bounds = new HandoverBounds(Arbiter: _random.Next(2) == 0, Flushed: _random.Next(2) == 0, 255, 255, 255, 2);
        _scene = new HandoverScene(rules ?? new HandoverRules(), _bounds) { Said = Say };
        _healing = new HandoverHealing(rules ?? new HandoverRules(), _bounds);
        _world = World.New(_bounds);
        _trouble = _random.NextDouble() * _random.NextDouble(); // Most runs are calm, so that they come far; some are not.
    }

    /// <summary>Told of each thing that happens, with the state it finds.</summary>
    public Action<string>? Log { get; set; }

    public SimulatedHandover Run()
    {
        After(0, "start source", () => Source(HandoverEvent.Start));
        After(Between(0, Millisecond), "start destination", () => Destination(HandoverEvent.Start));
        After(Between(10 * Millisecond, 5 * Second), "stop", Stop);
        After(0, "trouble", Trouble);
        After(0, "timer", Timers);
        while (_fault is null && _now < Horizon && _agenda.TryDequeue(out var happen, out var at))
        {
            _now = at.Time;
            happen();
            _events++;
            Carry();
            _fault = HandoverInvariants.Broken(_world);
        }
        var end = _healing.End(_world);
        if (end is HandoverEnd.RunsNowhere or HandoverEnd.RunsTwice or HandoverEnd.RunsUnfinished) _fault ??= $"It ended with {end}.";
        if (_fault is null && !IsAtRest) _fault = "It did not come to an end in time by itself.";
        return new SimulatedHandover(end, _fault, _trace, _events, TimeSpan.FromMicroseconds(_now));
    }

    /// <summary>Whether what is true by the healing is true already: nothing is left to be said or written.</summary>
    private bool IsAtRest => _healing.End(_world) switch
    {
        HandoverEnd.RunsOnSource => _world.SourceHost.GuestRuns,
        HandoverEnd.RunsOnDestination => _world.DestinationHost.GuestRuns && (_world.Source.Phase != SourcePhase.Released || _world.Source.IsOver),
        _ => true,
    };

    private bool Troubled => _now < Quiet;

    private void After(long delay, string what, Action happen) =>
        _agenda.Enqueue(() =>
        {
            Mix((ulong)_now);
            foreach (var letter in what) Mix(letter);
            Log?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{_now / 1e6:0.000000} s: {what}; {HandoverSearch.Describe(_world)}"));
            happen();
        }, (_now + delay, _number++));

    private void Mix(ulong value) => _trace = (_trace ^ value) * 1_099_511_628_211;

    private long Between(long least, long most) => least + (long)(_random.NextDouble() * (most - least));

    private bool Chance(double probability) => Troubled && _random.NextDouble() < probability * _trouble;

    private void Source(HandoverInput input)
    {
        if (_world.SourceHost.Alive) _scene.Source(ref _world, input);
    }

    private void Destination(HandoverInput input)
    {
        if (_world.DestinationHost.Alive) _scene.Destination(ref _world, input);
    }

    private void Stop()
    {
        if (_world.Source.Phase != SourcePhase.Open)
        {
            if (_world.Source.Phase == SourcePhase.Opening) After(Millisecond, "stop", Stop);
            return;
        }
        HandoverScene.Stop(ref _world);
        After(Between(Millisecond, 300 * Millisecond), "ready", () => Destination(HandoverEvent.Ready));
        if (_random.Next(3) == 0) After(Between(0, 400 * Millisecond), "cut", Cut); // Where it hurts: chance alone rarely hits the moment.
        if (_random.Next(2) == 0) return; // No limit, which is the default.
        After(Between(100 * Millisecond, Second), "deadline", () =>
        {
            Source(HandoverEvent.Abort);
            Destination(HandoverEvent.DeadlinePassed);
        });
    }

    /// <summary>What the machines have asked for takes its time, and may fail, or be cut short by the end of the process.</summary>
    private void Carry()
    {
        foreach (var isSource in (ReadOnlySpan<bool>)[true, false])
        {
            var side = isSource;
            ref var host = ref HandoverScene.HostOf(ref _world, side);
            if (host.Pending != HandoverRecord.None) At(side, "record", () => Record(side));
            if (host.Claim != 0) At(side, "claim", () => Claim(side));
            if (host.WitnessRecord != HandoverRecord.None) At(side, "witness", () => Witnessed(side));
        }
        if (_world.Resuming) At(false, "resume", Resume);
        if (_world.Source is { Phase: SourcePhase.Open, IsPrepared: true } && _world.Stopped) At(true, "give", Give);
    }

    private readonly HashSet<(bool, string)> _planned = [];

    private void At(bool isSource, string what, Action happen)
    {
        if (!_planned.Add((isSource, what))) return;
        // Before the guest is given away its pages may be compared.
        var slow = what == "give" ? _random.Next(2) == 0 : Chance(0.2);
        After(slow ? Between(0, Second) : Between(10 * Microsecond, 2 * Millisecond), what, () =>
        {
            _ = _planned.Remove((isSource, what));
            happen();
        });
    }

    private void Give()
    {
        if (_world.Source is { Phase: SourcePhase.Open, IsPrepared: true }) Source(HandoverEvent.Give);
    }

    private void Record(bool isSource)
    {
        if (HandoverScene.HostOf(ref _world, isSource).Pending == HandoverRecord.None) return;
        if (Chance(0.1)) Kill(isSource, afterWrite: true);
        else _scene.CompleteRecord(ref _world, isSource, Chance(0.15) ? (DiskOutcome)_random.Next(1, 4) : DiskOutcome.Written);
    }

    private void Claim(bool isSource)
    {
        if (HandoverScene.HostOf(ref _world, isSource).Claim == 0) return;
        var heard = !Chance(0.2);
        _scene.CompleteClaim(ref _world, isSource, heard, answered: heard && !Chance(0.2));
    }

    private void Witnessed(bool isSource)
    {
        if (HandoverScene.HostOf(ref _world, isSource).WitnessRecord == HandoverRecord.None) return;
        _scene.CompleteWitness(ref _world, isSource, Chance(0.2) ? DiskOutcome.Refused : DiskOutcome.Written, ends: Chance(0.2));
    }

    private void Resume()
    {
        if (!_world.Resuming) return;
        _scene.CompleteResume(ref _world, Chance(0.2) ? HandoverEvent.ResumeFailed : Chance(0.1) ? HandoverEvent.ResumeFailedInside : HandoverEvent.Resumed);
    }

    private void Trouble()
    {
        if (!Troubled) return;
        if (Chance(0.3)) Cut();
        if (Chance(0.01)) Kill(_random.Next(2) == 0, afterWrite: false);
        if (Chance(0.004)) Reboot(_random.Next(2) == 0);
        After(Between(Millisecond, Second), "trouble", Trouble);
    }

    private void Timers()
    {
        Source(HandoverEvent.AskDue);
        Destination(HandoverEvent.AskDue);
        if (_now > HandoverTimeout)
        {
            Source(HandoverEvent.Timeout);
            Source(HandoverEvent.Abort); // PREPARED is waited for no longer than this either; once given, nothing aborts.
            Destination(HandoverEvent.Timeout);
        }
        // A process that was killed is started again, and looks for what is open.
        if (!_world.SourceHost.Alive && _connected) _scene.AskWitness(ref _world, isSource: true, HandoverWord.Ask);
        After(Second, "timer", Timers);
    }

    /// <summary>The connection breaks with all that is on the way; each side learns of it in its time. Later there is another.</summary>
    private void Cut()
    {
        if (!_connected) return;
        _connected = false;
        _connection++;
        After(Between(0, 100 * Millisecond), "source hears of the cut", () => Source(HandoverEvent.LinkLost));
        After(Between(0, 100 * Millisecond), "destination hears of the cut", () => Destination(HandoverEvent.LinkLost));
        After(Between(200 * Millisecond, 40 * Second), "connected again", () =>
        {
            _connected = true;
            Source(HandoverEvent.LinkRegained);
            Destination(HandoverEvent.LinkRegained);
        });
    }

    private void Kill(bool isSource, bool afterWrite)
    {
        if (!HandoverScene.HostOf(ref _world, isSource).Alive) return;
        if (afterWrite) HandoverScene.WriteThenKill(ref _world, isSource);
        else HandoverScene.Kill(ref _world, isSource);
        Cut();
    }

    private void Reboot(bool isSource)
    {
        var host = HandoverScene.HostOf(ref _world, isSource);
        if (host.Rebooted) return;
        HandoverScene.Reboot(ref _world, isSource, _bounds.Flushed ? host.Record : HandoverSteps.Earlier(_world, host.Record, _random));
        Cut();
    }

    private void Say(bool fromSource, HandoverWord word)
    {
        if (!_connected) return;
        var connection = _connection;
        ref var clear = ref fromSource ? ref _clearToDestination : ref _clearToSource;
        clear = Math.Max(clear, _now + (Chance(0.3) ? Between(0, 3 * Second) : Between(50 * Microsecond, 20 * Millisecond))); // In order, as a stream is.
        After(clear - _now, $"{word}", () =>
        {
            if (connection == _connection) Hear(fromSource, word);
        });
    }

    private void Hear(bool fromSource, HandoverWord word)
    {
        ref var host = ref HandoverScene.HostOf(ref _world, isSource: !fromSource);
        // A second process on the same port may get the connection, whether the first lives or not.
        if (!host.Alive || (fromSource && Chance(0.1))) _scene.AskWitness(ref _world, isSource: !fromSource, word);
        else if (fromSource) Destination(HandoverInput.Hear(word));
        else Source(HandoverInput.Hear(word));
    }
}
