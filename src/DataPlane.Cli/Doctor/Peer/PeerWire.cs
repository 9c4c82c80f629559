using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace DataPlane.Cli.Doctor;

/// <summary>
/// What two doctors say to each other: lines of ASCII that end with a line feed, some of them with bytes behind whose number stands in the line. Every length is bounded before
/// it is used. One reader and one writer at a time. Owns the socket.
/// </summary>
/// <remarks>
/// <code>
/// client                      server
/// dataplane-doctor 1          dataplane-doctor 1 ok | busy | version
/// report                      report LENGTH, and a <see cref="HostDescription"/> of that many bytes
/// echo LENGTH, bytes          echo UTC-TICKS LENGTH, the same bytes
/// path                        path UDP-PORT TOKEN
/// </code>
/// A second connection greets with the token behind the version, beside the first; only echoes are answered there. The first keeps to small packets, so that it works where full ones
/// are lost, and the second shows whether they are.
/// The number behind the name is the version of this very exchange, in the first line of either side; whoever does not know the other's ends there.
/// </remarks>
internal sealed class PeerWire(Socket socket) : IDisposable
{
    public const string Name = "dataplane-doctor";
    public const int Version = 1;
    public const int DefaultPort = 5298;
    public const int MostReport = 1 << 20;
    public const int MostEcho = 64 << 10;

    private const int LongestLine = 128;

    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    public void Dispose() => socket.Dispose();

    /// <summary>The next line's words; null where the stream has ended before one began. Throws <see cref="InvalidDataException"/> for what is no line.</summary>
    public async Task<string[]?> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancel)) return line.Length == 0 ? null : throw new InvalidDataException("The stream ends in the middle of a line.");
            var sign = (char)_buffer[_start++];
            if (sign == '\n') return line.ToString().Split(' ');
            if (sign is < ' ' or > '~' || line.Length == LongestLine) throw new InvalidDataException("What came is no line of this exchange.");
            _ = line.Append(sign);
        }
    }

    public async Task<byte[]> ReadBytesAsync(int count, CancellationToken cancel)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            if (_start == _end && !await FillAsync(cancel)) throw new InvalidDataException("The stream ends in the middle of an answer.");
            var part = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes.AsSpan(filled));
            (_start, filled) = (_start + part, filled + part);
        }
        return bytes;
    }

    /// <summary>A line, and the bytes behind it, in one piece.</summary>
    public async Task SendAsync(string line, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var all = new byte[line.Length + 1 + bytes.Length];
        _ = Encoding.ASCII.GetBytes(line, all);
        all[line.Length] = (byte)'\n';
        bytes.CopyTo(all.AsMemory(line.Length + 1));
        for (var sent = 0; sent < all.Length;) sent += await socket.SendAsync(all.AsMemory(sent), cancel);
    }

    /// <summary>A length as it stands in a line; throws <see cref="InvalidDataException"/> where it is none, or more than <paramref name="most"/>.</summary>
    public static int Length(string word, int most) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= most ? length
            : throw new InvalidDataException($"'{word}' is no length; up to {most} are taken.");

    private async Task<bool> FillAsync(CancellationToken cancel)
    {
        (_start, _end) = (0, await socket.ReceiveAsync(_buffer, cancel));
        return _end > 0;
    }
}
