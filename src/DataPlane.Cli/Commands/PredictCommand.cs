using System.CommandLine;
using DataPlane.Cli.Output;
using DataPlane.Cli.Predict;
using DataPlane.Cli.Run;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Commands;

/// <summary><c>dataplane predict</c>: tells beforehand whether a migration converges, and what to change.</summary>
internal sealed class PredictCommand
{
    private readonly PredictOptionSet _set = new();

    public Command Create(ProgramStreams streams)
    {
        var command = new Command("predict", "Tell beforehand whether a guest can be moved within its limit, how long it takes, and what to change where it can not. Exit code 0: it fits; 1: it does not.")
            .With(_set.All);
        command.SetAction((parse, cancel) => GuardedAsync(streams, () => RunAsync(parse, streams, cancel)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, ProgramStreams streams, CancellationToken cancel)
    {
        using var json = new JsonOutput(_set.Json.Value(parse), streams.Out);
        var prediction = Predictor.Run(await new PredictSources(_set, parse).ReadAsync(cancel));
        var written = json.TryWrite(prediction.ToJson(), line => streams.Error.WriteLine($"dataplane predict: {line}"));
        if (!json.TakesStandardOutput) PredictText.Write(streams.Out, prediction);
        return prediction.Verdict != PredictVerdict.Fits ? ExitCodes.Failed : written ? ExitCodes.Completed : ExitCodes.LackOfResources;
    }

    /// <summary>Nothing of what came from there is shown: it may be anything.</summary>
    private static string Words(Exception silent) => silent switch
    {
        HttpRequestException { StatusCode: { } code } => $"the answer is HTTP's status {(int)code}",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } => "what answers does not speak HTTP",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer is longer than 16 MiB",
        TaskCanceledException => "no answer came within 5 s",
        _ => silent.Message.ReplaceLineEndings(" "),
    };

    private static async Task<int> GuardedAsync(ProgramStreams streams, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (UsageException wrong)
        {
            await streams.Error.WriteLineAsync($"dataplane predict: {wrong.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Usage;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            await streams.Error.WriteLineAsync($"dataplane predict: --from: nobody answered with metrics there: {Words(silent)}");
            return ExitCodes.CannotConnect;
        }
        catch (IOException fault)
        {
            await streams.Error.WriteLineAsync($"dataplane predict: {fault.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.LackOfResources;
        }
    }
}
