using System.Text;

namespace DataPlane.Native.Options;

/// <summary>The host's log.</summary>
internal sealed unsafe class NativeLog(delegate* unmanaged<void*, byte*, void> log, void* opaque)
{
    public void Write(string line)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(line.Length) + 1];
        _ = Encoding.UTF8.GetBytes(line, bytes);
        fixed (byte* text = bytes) log(opaque, text);
    }
}
