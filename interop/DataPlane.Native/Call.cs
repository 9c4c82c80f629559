using DataPlane.Native.Errors;
using DataPlane.Native.Handles;

namespace DataPlane.Native;

/// <summary>
/// The way from an export into the library and back: whatever is thrown becomes a code, and its sentence is kept for <c>dp_last_error</c>, at the handle that
/// was asked and at the calling thread.
/// </summary>
internal static class Call
{
    [ThreadStatic]
    private static string? t_lastError;

    /// <summary>The sentence of the last failure on this thread.</summary>
    public static string LastError => t_lastError ?? "";

    public static int Run(Action body)
    {
        try
        {
            body();
            return 0;
        }
        catch (Exception fault) // Nothing may leave an export: it would end the host's process.
        {
            return Fail(fault, null);
        }
    }

    public static int On<T>(nint handle, HandleKind kind, Action<T> body)
        where T : NativeObject
    {
        T? value = null;
        try
        {
            value = HandleTable.Get<T>(handle, kind);
            body(value);
            return 0;
        }
        catch (Exception fault) // As above.
        {
            return Fail(fault, value);
        }
    }

    public static int Destroy(nint handle, HandleKind kind)
    {
        try
        {
            HandleTable.Destroy(handle, kind);
            return 0;
        }
        catch (Exception fault) // As above.
        {
            return Fail(fault, HandleTable.TryGet(handle));
        }
    }

    public static int Fail(Exception fault, NativeObject? value)
    {
        try
        {
            var failure = Failure.Of(fault);
            Keep(failure.Sentence, value);
            return failure.Code;
        }
        catch (OutOfMemoryException)
        {
            return -(int)Core.Errors.MigrationErrorCode.OutOfResources;
        }
    }

    public static void Keep(string sentence, NativeObject? value)
    {
        t_lastError = sentence;
        if (value is not null) value.LastError = sentence;
    }
}
