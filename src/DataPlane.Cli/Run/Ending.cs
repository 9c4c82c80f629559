using DataPlane.Cli.Demo;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>The end of a command: the document, or the summary for people, then the errors, then the exit code.</summary>
internal sealed class Ending(MigrationSession session, MigrationSide side)
{
    /// <param name="result">The migration's result.</param>
    /// <param name="faults">What else does not hold.</param>
    /// <param name="summary">Writes the summary where standard output is free for it.</param>
    public int Tell(MigrationResult result, IReadOnlyList<ProofFault> faults, Action<TextWriter> summary)
    {
        session.Display.Show(null);
        var written = session.Json.TryWrite(result, session.Display.Say);
        if (!session.Json.TakesStandardOutput)
        {
            summary(session.Out);
            session.Out.Flush();
        }
        var command = session.Parse.CommandResult.Command.Name;
        foreach (var warning in result.Warnings) session.Display.Say($"dataplane {command}: warning: {warning}");
        new FailureReport(command, side, session.Display, session.Interrupts).Say(result);
        foreach (var fault in faults)
            session.Display.Say($"dataplane {command}: {fault.Sentence}");
        var code = ExitCodes.Of(result, session.Interrupts.Happened);
        written &= session.Report.TryWrite(result, session.Display.Say);
        if (!written && code == ExitCodes.Completed && faults.Count == 0) return ExitCodes.LackOfResources;
        return code is ExitCodes.Completed or ExitCodes.OverTheLimit && faults.Count > 0 ? faults[0].ExitCode : code;
    }
}
