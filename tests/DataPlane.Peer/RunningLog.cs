using System.Diagnostics;
using System.Globalization;

namespace DataPlane.Peer;

/// <summary>
/// Tells when the guest ran in this process, for whoever compares it with another process of this host: a line when it is let go and when it stands,
/// and in between one for each time that it was seen to have written. Times are CLOCK_MONOTONIC, which all processes share. So the log
/// of a process that was killed ends with the last that its guest did.
/// </summary>
internal sealed class RunningLog : IDisposable
{
    private readonly StreamWriter _file;
    private readonly Thread _watching;
    private volatile bool _over;

    /// <param name="path">A file of this process alone.</param>
    /// <param name="writes">What the guest has written.</param>
    public RunningLog(string path, Func<long> writes)
    {
        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _watching = new Thread(() => Watch(writes)) { IsBackground = true, Name = "running log" };
        _watching.Start();
    }

    public void LetGo() => Write("go");

    public void Stands() => Write("stands");

    public void Dispose()
    {
        _over = true;
        _watching.Join();
        _file.Dispose();
    }

    private void Watch(Func<long> writes)
    {
        for (var last = writes(); !_over; Thread.Sleep(1))
        {
            var now = writes();
            if (now != last) Write("wrote");
            last = now;
        }
    }

    // One write call a line: a kill leaves whole lines.
    private void Write(string what)
    {
        lock (_file) _file.Write(string.Create(CultureInfo.InvariantCulture, $"{what} {Stopwatch.GetTimestamp()}\n"));
    }
}
