namespace DataPlane.Tests.Trouble;

/// <summary>What both sides log, and a wait for a line.</summary>
internal sealed class LogLines
{
    private readonly List<string> _lines = [];
    private readonly List<(string Words, TaskCompletionSource Said)> _awaited = [];

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (words, said) in _awaited)
                if (line.Contains(words, StringComparison.Ordinal)) _ = said.TrySetResult();
        }
    }

    public Task SaysAsync(string words)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (_lines.Exists(line => line.Contains(words, StringComparison.Ordinal))) return Task.CompletedTask;
            _awaited.Add((words, said));
        }
        return said.Task;
    }
}
