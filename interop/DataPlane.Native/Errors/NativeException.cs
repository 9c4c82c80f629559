namespace DataPlane.Native.Errors;

/// <summary>A call that is refused: its code and its sentence. Never leaves an export.</summary>
internal sealed class NativeException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    public static NativeException Argument(string message) => new(DpError.Argument, message);
}
