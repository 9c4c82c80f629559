using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Linux.Kvm;

namespace DataPlane.Native.Errors;

/// <summary>What an exception means to a caller in C: a code and a sentence.</summary>
internal readonly record struct Failure(int Code, string Sentence)
{
    public static Failure Of(Exception fault) => fault switch
    {
        NativeException refused => new(refused.Code, refused.Message),
        MigrationException failed => new(-(int)failed.Error.Code, failed.Error.ToString()),
        ArgumentException argument => new(DpError.Argument, WithoutName(argument)),
        DirtySourceUnavailableException or KvmException => new(DpError.Unavailable, fault.Message),
        ObjectDisposedException => new(DpError.StaleHandle, "The handle was destroyed while it was used."),
        OutOfMemoryException => new(-(int)MigrationErrorCode.OutOfResources, "The library has no memory left for this."),
        IOException => new(DpError.Unavailable, fault.Message),
        InvalidOperationException => new(DpError.State, fault.Message),
        _ => new(-(int)MigrationErrorCode.Internal, $"{fault.GetType().Name}: {fault.Message}"),
    };

    /// <summary>The parameter's name that the runtime adds is one of C#, and nothing to a caller in C.</summary>
    private static string WithoutName(ArgumentException fault)
    {
        if (fault.ParamName is null) return fault.Message;
        var end = fault.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return end > 0 ? fault.Message[..end] : fault.Message;
    }
}
