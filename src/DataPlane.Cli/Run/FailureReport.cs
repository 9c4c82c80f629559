using DataPlane.Cli.Output;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>What went wrong, as one line for people and as a result for the document.</summary>
internal sealed class FailureReport(string command, MigrationSide side, ProgressDisplay display, Interrupts interrupts)
{
    public int Usage(UsageException wrong)
    {
        display.Say($"dataplane {command}: {OneLine(wrong.Message)}");
        return ExitCodes.Usage;
    }

    public void Say(MigrationResult result)
    {
        if (result.Error is not { } error) return;
        var words = new MigrationError(error.Code, error.Side, error.Step, error.Message, error.PeerMessage);
        display.Say($"dataplane {command}: {OneLine(words.ToString())}");
    }

    /// <summary>A migration that ended before the library could give a result of its own.</summary>
    public static MigrationResult Result(MigrationError error) => new()
    {
        Status = error.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed,
        Error = new ErrorReport(error.Code, (int)error.Code, error.Side, error.Step, error.Message, error.PeerMessage),
    };

    public MigrationError ErrorOf(Exception fault) => fault switch
    {
        MigrationException known => known.Error,
        OperationCanceledException when interrupts.Happened =>
            new MigrationError(MigrationErrorCode.Cancelled, side, "prepare", "Interrupted before the migration began."),
        IOException or UnauthorizedAccessException or OutOfMemoryException =>
            new MigrationError(MigrationErrorCode.OutOfResources, side, "prepare", fault.Message),
        _ => new MigrationError(MigrationErrorCode.Internal, side, "program", $"{fault.GetType().Name}: {fault.Message}"),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
