using System.Buffers;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;

namespace DataPlane.Native.Hosting;

/// <summary>A <c>dp_stream</c>: lives as long as the callback that writes to it, on its thread.</summary>
internal sealed unsafe class StateStream(IBufferWriter<byte> into) : NativeObject(HandleKind.Stream)
{
    private const int Piece = 1 << 20;
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>What went wrong in a write, which the callback may have overlooked.</summary>
    public Exception? Fault { get; private set; }

    public void Write(void* data, ulong length)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw NativeException.Argument("dp_write is for the callback's own thread.");
        if (data == null && length > 0) throw NativeException.Argument($"{length} bytes at NULL cannot be written.");
        try
        {
            for (var at = (byte*)data; length > 0;)
            {
                var now = (int)Math.Min(length, Piece);
                into.Write(new ReadOnlySpan<byte>(at, now));
                at += now;
                length -= (uint)now;
            }
        }
        catch (Exception fault)
        {
            Fault = fault;
            throw;
        }
    }

    public override void Destroy()
    {
    }
}
