using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;

namespace DataPlane.Tests.Core.Codecs.Choice;

/// <summary>
/// A channel in virtual time, which does with a chooser what a real one does: stripe by stripe, in blocks of 256 KiB, through a socket whose
/// buffer drains at the link's rate. Times are nanoseconds, costs nanoseconds per byte.
/// </summary>
internal sealed class SimulatedChannel(CodecChooser chooser)
{
    private const int Stripe = 2 << 20;
    private const int Block = 256 << 10;
    private const int Trial = 64 << 10;
    private const int Piece = 64 << 10; // The link takes from the buffer while the call fills it.

    private double _now;
    private double _buffered;

    /// <summary>What a byte takes on the link.</summary>
    public double Link { get; set; }

    /// <summary>What a socket call takes for a byte.</summary>
    public double Send { get; set; } = 0.3;

    /// <summary>Bytes that the socket and the network hold between them.</summary>
    public double Buffer { get; set; } = 1 << 20;

    public CodecFigures Lz4 { get; set; }

    public CodecFigures Zstd { get; set; }

    /// <summary>Nanoseconds a byte takes the destination to decode, beside placing it; what makes a link look slow.</summary>
    public double DecodeZstd { get; set; }

    /// <summary>Factor on each time of encoding: the noise of a busy host.</summary>
    public Func<double> Noise { get; set; } = () => 1;

    public double Now => _now;

    /// <summary>Moves so many stripes; returns the time it took.</summary>
    public double Move(int stripes)
    {
        var start = _now;
        for (var i = 0; i < stripes; i++) MoveStripe();
        return _now - start;
    }

    /// <summary>What a stripe takes in the long run with <paramref name="choice"/> throughout.</summary>
    public double Best(PageEncoding choice)
    {
        var figures = FiguresOf(choice);
        return Stripe * Math.Max(figures.EncodeNanoseconds + (figures.WireBytes * Send), figures.WireBytes * Drain(choice));
    }

    private void MoveStripe()
    {
        var (start, socket) = (_now, 0.0);
        for (var left = Stripe; left > 0;)
        {
            var tries = chooser.WantsTrial(out var codec);
            if (!tries) codec = chooser.Choice;
            var size = codec == PageEncoding.None ? left : Math.Min(left, chooser.Choice == PageEncoding.None ? Trial : Block);
            left -= size;
            var figures = FiguresOf(codec);
            var wire = (int)(size * figures.WireBytes);
            var encode = size * figures.EncodeNanoseconds * Noise();
            Pass(encode);
            if (codec == PageEncoding.None) chooser.Raw(size);
            else chooser.Encoded(codec, size, wire, (long)encode);
            socket += Put(wire, Drain(codec));
        }
        chooser.Passed((long)(_now - start), (long)socket);
    }

    private double Put(int wire, double drain)
    {
        var start = _now;
        for (var piece = Math.Min(wire, Piece); wire > 0; wire -= piece, piece = Math.Min(wire, Piece))
        {
            Pass(piece * Send);
            _buffered += piece;
            if (_buffered > Buffer) Pass((_buffered - Buffer) * drain);
        }
        return _now - start;
    }

    private void Pass(double time)
    {
        _now += time;
        _buffered = Math.Max(0, _buffered - (time / Drain(chooser.Choice)));
    }

    private double Drain(PageEncoding choice) =>
        choice == PageEncoding.Zstd ? Math.Max(Link, DecodeZstd / Zstd.WireBytes) : Link;

    private CodecFigures FiguresOf(PageEncoding choice) => choice switch
    {
        PageEncoding.Lz4 => Lz4,
        PageEncoding.Zstd => Zstd,
        _ => CodecFigures.Raw,
    };
}
