using System.CommandLine;
using DataPlane.Cli.Doctor;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane doctor</c>: what of this host helps or hinders a migration, and what mends it. Changes nothing and needs no privilege.</summary>
internal sealed class DoctorCommand
{
    private readonly ValueOption<string?> _json = CommonOptionSet.NewJson();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("doctor", "Check what of this host helps or hinders a migration: what is missing, what it means, what mends it.") { _json };
        command.SetAction(parse => Run(_json.Value(parse), streams));
        return command;
    }

    private static int Run(string? path, ProgramStreams streams)
    {
        try
        {
            using var json = new JsonOutput(path, streams.Out);
            var checks = Examination.Run();
            var report = DoctorReport.Of(checks);
            json.Write(report.ToJson());
            if (!json.TakesStandardOutput) DoctorText.Write(streams.Out, checks);
            return report.CanMigrate ? ExitCodes.Completed : ExitCodes.LackOfResources;
        }
        catch (UsageException wrong)
        {
            streams.Error.WriteLine($"dataplane doctor: {wrong.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
    }
}
