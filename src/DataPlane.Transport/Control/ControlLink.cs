using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Transport.Control;

/// <summary>
/// The control channel and return path: framed messages over pipelines, in both directions of one socket. Any thread may send;
/// one reader at a time. Owns the socket.
/// </summary>
internal sealed class ControlLink : IAsyncDisposable
{
    // A reader that has fallen behind by the largest message stops reading from the socket: TCP then holds the peer back.
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 16 << 10, minimumReadSize: 4 << 10, leaveOpen: true);
    private static readonly StreamPipeWriterOptions WriterOptions = new(minimumBufferSize: 16 << 10, leaveOpen: true);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ArrayBufferWriter<byte> _payload = new(4096);
    private readonly MigrationSide _side;
    private readonly TimeProvider _time;
    private long _lastHeard;

    public ControlLink(Socket socket, MigrationSide side, TimeProvider time)
    {
        _socket = socket;
        _side = side;
        _time = time;
        _stream = new NetworkStream(socket, ownsSocket: false);
        _reader = PipeReader.Create(_stream, ReaderOptions);
        _writer = PipeWriter.Create(_stream, WriterOptions);
        _lastHeard = time.GetTimestamp();
    }

    public Socket Socket => _socket;

    /// <summary>When the peer was heard last, a time stamp of the clock given.</summary>
    public long LastHeard => Volatile.Read(ref _lastHeard);

    /// <summary>Sends raw bytes: the preamble.</summary>
    public async ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            await _writer.WriteAsync(bytes, cancel);
        }
        catch (IOException fault)
        {
            throw Lost("preamble", fault);
        }
    }

    /// <summary>Sends a message and flushes it to the socket. A message is written whole or the link is broken.</summary>
    public async ValueTask SendAsync(IControlMessage message, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            _payload.ResetWrittenCount();
            message.Write(new WireWriter(_payload));
            if (_payload.WrittenCount > ControlHeader.MaxLength)
                throw new InvalidOperationException($"A {message.Type} message of {_payload.WrittenCount} bytes is over the protocol's limit.");
            ControlHeader.Write(_writer.GetSpan(ControlHeader.Size), message.Type, _payload.WrittenSpan);
            _writer.Advance(ControlHeader.Size);
            _writer.Write(_payload.WrittenSpan);
            await _writer.FlushAsync(cancel);
        }
        catch (IOException fault)
        {
            throw Lost(StepOf(message.Type), fault);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// The next message. Throws <see cref="MigrationException"/>: protocol-violation for anything that is none, connection-lost at the end.
    /// </summary>
    public ValueTask<IControlMessage> ReceiveAsync(CancellationToken cancel) => ReceiveAsync(ControlHeader.MaxLength, cancel);

    /// <summary>As the other, from a peer that is not known yet: one that announces more than <paramref name="mostBytes"/> is not read.</summary>
    public async ValueTask<IControlMessage> ReceiveAsync(int mostBytes, CancellationToken cancel)
    {
        try
        {
            var header = await ReceiveHeaderAsync(cancel);
            if (header.Length > mostBytes)
                throw Violation($"A control message announces {header.Length} bytes where at most {mostBytes} are taken.");
            var all = await ReadAtLeastAsync(ControlHeader.Size + header.Length, cancel);
            var message = Decode(all.Slice(0, ControlHeader.Size + header.Length), header);
            _reader.AdvanceTo(all.GetPosition(ControlHeader.Size + header.Length));
            Volatile.Write(ref _lastHeard, _time.GetTimestamp());
            return message;
        }
        catch (IOException fault)
        {
            throw Lost("control", fault);
        }
    }

    /// <summary>Ends both directions; calls under way fail. For any thread.</summary>
    public void Abort()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // Already disconnected: that is what was wanted.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
        _sending.Dispose();
    }

    private async ValueTask<ControlHeader> ReceiveHeaderAsync(CancellationToken cancel)
    {
        var buffer = await ReadAtLeastAsync(ControlHeader.Size, cancel);
        var header = DecodeHeader(buffer);
        // Not taken, since the checksum covers it; nor examined: a message without payload is complete, and no more bytes may come.
        _reader.AdvanceTo(buffer.Start);
        return header;
    }

    private async ValueTask<ReadOnlySequence<byte>> ReadAtLeastAsync(int bytes, CancellationToken cancel)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancel);
            if (read.Buffer.Length >= bytes) return read.Buffer;
            var empty = read.Buffer.IsEmpty;
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new MigrationException(new MigrationError(
                    MigrationErrorCode.ConnectionLost, _side, "control",
                    empty ? "The peer closed the control connection." : "The control connection ended in the middle of a message."));
        }
    }

    private ControlHeader DecodeHeader(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[ControlHeader.Size];
        buffer.Slice(0, ControlHeader.Size).CopyTo(bytes);
        return ControlHeader.TryRead(bytes, out var header, out var fault) ? header : throw Violation(fault!);
    }

    private IControlMessage Decode(ReadOnlySequence<byte> buffer, ControlHeader header)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)buffer.Length);
        try
        {
            buffer.CopyTo(rented);
            var payload = rented.AsSpan(ControlHeader.Size, header.Length);
            if (ControlHeader.ChecksumOf(rented, payload) != header.Checksum)
                throw Violation($"The checksum of a control message of type {(ushort)header.Type} is wrong.");
            return ControlMessages.Read(header.Type, payload)
                ?? throw Violation($"A control message of type {(ushort)header.Type} with {header.Length} bytes can not be read.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private MigrationException Violation(string message) =>
        new(new MigrationError(MigrationErrorCode.ProtocolViolation, _side, "control", message));

    private MigrationException Lost(string step, IOException fault) => new(
        new MigrationError(MigrationErrorCode.ConnectionLost, _side, step, $"The control connection broke: {fault.Message}"), fault);

    private static string StepOf(ControlMessageType type) => type.ToString().ToLowerInvariant();
}
