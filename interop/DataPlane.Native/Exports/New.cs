using System.Runtime.CompilerServices;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;

namespace DataPlane.Native.Exports;

/// <summary>Where a caller wants its answer.</summary>
internal static unsafe class New
{
    /// <summary>Makes an object and writes its handle to <paramref name="into"/>; where that is NULL nothing is made.</summary>
    public static void Handle(nint* into, Func<NativeObject> make)
    {
        Place(into) = 0;
        *into = HandleTable.Add(make());
    }

    /// <summary>The place at <paramref name="into"/>.</summary>
    public static ref T Place<T>(T* into)
        where T : unmanaged
    {
        if (into == null) throw NativeException.Argument("The place for the answer is NULL.");
        return ref Unsafe.AsRef<T>(into);
    }
}
