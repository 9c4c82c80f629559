using System.Runtime.InteropServices;
using System.Text;
using DataPlane.Native.Errors;

namespace DataPlane.Native;

/// <summary>Text of the caller, and text for it.</summary>
internal static unsafe class NativeText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A copy of the text at <paramref name="text"/>; null where that is null.</summary>
    public static string? Read(byte* text, string what)
    {
        if (text == null) return null;
        try
        {
            return Strict.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
        catch (DecoderFallbackException)
        {
            throw NativeException.Argument($"{what} is not UTF-8.");
        }
    }

    public static string Need(byte* text, string what) => Read(text, what) ?? throw NativeException.Argument($"{what} is NULL.");

    /// <summary>Writes by the rule of dataplane.h. Refuses with DP_E_BUFFER where it had to be cut, between characters.</summary>
    public static void Write(string value, byte* text, ulong size, ulong* needed)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        if (needed != null) *needed = (ulong)bytes.Length + 1;
        if (size == 0) throw new NativeException(DpError.Buffer, $"The text takes {bytes.Length + 1} bytes, and there is room for none.");
        if (text == null) throw NativeException.Argument("The place for the text is NULL, and its size is not 0.");
        var fits = bytes.Length < (long)Math.Min(size, long.MaxValue) ? bytes.Length : Whole(bytes, (int)(size - 1));
        bytes.AsSpan(0, fits).CopyTo(new Span<byte>(text, fits));
        text[fits] = 0;
        if (fits < bytes.Length) throw new NativeException(DpError.Buffer, $"The text takes {bytes.Length + 1} bytes, and there is room for {size}.");
    }

    private static int Whole(byte[] bytes, int length)
    {
        while (length > 0 && (bytes[length] & 0xC0) == 0x80) length--;
        return length;
    }
}
