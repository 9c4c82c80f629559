using System.Diagnostics;
using System.Text.Json;
using DataPlane.Cli.Run;
using DataPlane.Core.Errors;

namespace DataPlane.Cli.Demo;

/// <summary>
/// The destination that a demo starts and ends. It lives no longer than this object, nor than this process: closing its standard
/// input, by whatever end, tells it to stop.
/// </summary>
internal sealed class DestinationProcess : IAsyncDisposable
{
    /// <summary>What receive writes before the address it listens on.</summary>
    public const string ListeningOn = "listening on ";

    private readonly Process _process;
    private readonly TaskCompletionSource<MigrationAddress> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task _errors;
    private string? _lastWords;

    private DestinationProcess(Process process, Action<string> relay)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = ReadErrorsAsync(relay);
    }

    /// <param name="arguments">Of the command.</param>
    /// <param name="relay">Gets what the destination says on its standard error once it listens.</param>
    public static DestinationProcess Start(IEnumerable<string> arguments, Action<string> relay)
    {
        try
        {
            return new DestinationProcess(Process.Start(ProgramFile.StartInfo(arguments))!, relay);
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw Failure(MigrationErrorCode.OutOfResources, $"The destination's process cannot be started: {fault.Message}.", null);
        }
    }

    /// <summary>The address it listens on. Throws <see cref="MigrationException"/> if it ends, or does not come to it within <paramref name="bound"/>.</summary>
    public async Task<MigrationAddress> ListeningAsync(TimeSpan bound, CancellationToken cancel)
    {
        try
        {
            return await _listening.Task.WaitAsync(bound, cancel);
        }
        catch (TimeoutException)
        {
            throw Failure(MigrationErrorCode.CannotConnect, $"The destination's process did not come to listen within {bound.TotalSeconds:0} s.", _lastWords);
        }
    }

    /// <summary>Tells it to stop, if it has not.</summary>
    public void End() => _process.StandardInput.Close();

    /// <summary>What it has to tell when it has ended, once its guest has run for <paramref name="runFor"/>. Throws <see cref="MigrationException"/> if it ends without.</summary>
    public async Task<DestinationReport> ReportAsync(TimeSpan? runFor)
    {
        try
        {
            var text = await _output.WaitAsync(runFor is { } time ? time + ChildProcess.Grace : Timeout.InfiniteTimeSpan);
            await _process.WaitForExitAsync();
            if (text.Length > 0 && JsonSerializer.Deserialize(text, DestinationReportJson.Default.DestinationReport) is { } report)
                return report;
        }
        catch (TimeoutException)
        {
            throw Failure(MigrationErrorCode.Timeout, "The destination's process did not end when its guest's time was over.", _lastWords);
        }
        await _errors;
        throw Failure(
            MigrationErrorCode.ConnectionLost, $"The destination's process ended without a report, exit code {_process.ExitCode}.", _lastWords);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ChildProcess.EndAsync(_process);
        await _errors;
        _process.Dispose();
    }

    private async Task ReadErrorsAsync(Action<string> relay)
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ListeningOn, StringComparison.Ordinal)
                && MigrationAddress.TryParse(line[ListeningOn.Length..], out var address, out _))
            {
                _listening.TrySetResult(address!);
                continue;
            }
            _lastWords = line;
            if (_listening.Task.IsCompleted) relay(line);
        }
        if (_listening.Task.IsCompleted) return;
        await _process.WaitForExitAsync();
        var code = _process.ExitCode == ExitCodes.LackOfResources ? MigrationErrorCode.OutOfResources : MigrationErrorCode.CannotConnect;
        _listening.TrySetException(Failure(
            code, $"The destination's process ended before it listened, exit code {_process.ExitCode}.", _lastWords));
    }

    private static MigrationException Failure(MigrationErrorCode code, string message, string? words) =>
        new(new MigrationError(code, MigrationSide.Destination, "start", message, words));
}
