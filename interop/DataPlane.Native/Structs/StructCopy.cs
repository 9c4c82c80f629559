using DataPlane.Native.Errors;

namespace DataPlane.Native.Structs;

/// <summary>
/// Structs across the border. The first field of each says how long it is for the caller: a longer one comes from a newer header and is taken where
/// all that is unknown here is zero; a shorter one, down to the first that was given out, comes from an older one and asks for nothing of what it lacks.
/// </summary>
internal static unsafe class StructCopy
{
    private const uint Most = 1 << 16;

    public static T Read<T>(void* from, string name)
        where T : unmanaged
    {
        if (from == null) throw NativeException.Argument($"The {name} is NULL.");
        var size = (int)Size(from, First<T>(), name);
        var known = Math.Min(size, sizeof(T));
        if (new ReadOnlySpan<byte>((byte*)from + known, size - known).ContainsAnyExcept((byte)0))
            throw new NativeException(DpError.StructSize, $"The {name} has {size} bytes and asks for something that this library, which knows {sizeof(T)}, does not have. Use a newer library.");
        T value = default;
        new ReadOnlySpan<byte>(from, known).CopyTo(new Span<byte>(&value, known));
        return value;
    }

    /// <summary>Element <paramref name="index"/> of an array whose elements are as long as the first says.</summary>
    public static T ReadElement<T>(void* array, uint index, string name)
        where T : unmanaged
    {
        if (array == null) throw NativeException.Argument($"The array of {name} is NULL.");
        var stride = *(uint*)array;
        var element = (byte*)array + ((long)index * stride);
        if (*(uint*)element != stride) throw new NativeException(DpError.StructSize, $"Element {index} of an array of {name} has {*(uint*)element} bytes, and the first has {stride}; all have the same.");
        return Read<T>(element, name);
    }

    /// <summary>Fills the caller's struct, but for its size.</summary>
    public static void Write<T>(T value, void* into, string name)
        where T : unmanaged
    {
        if (into == null) throw NativeException.Argument($"The {name} is NULL.");
        var size = Size(into, First<T>(), name);
        *(uint*)&value = size;
        var known = (int)Math.Min(size, sizeof(T));
        new ReadOnlySpan<byte>(&value, known).CopyTo(new Span<byte>(into, known));
    }

    public static void Zero(ulong reserved, string name)
    {
        if (reserved != 0) throw new NativeException(DpError.StructSize, $"A reserved field of the {name} is not zero.");
    }

    /// <summary>Bytes of the shortest: those that have grown since they were given out first say so themselves.</summary>
    private static int First<T>()
        where T : unmanaged =>
        typeof(T) == typeof(DpBlock) ? DpBlock.First : typeof(T) == typeof(DpResult) ? DpResult.First : typeof(T) == typeof(DpDestinationOptions) ? DpDestinationOptions.First : sizeof(T);

    private static uint Size(void* at, int first, string name)
    {
        var size = *(uint*)at;
        if (size < first || size > Most) throw new NativeException(DpError.StructSize, $"The {name} says that it has {size} bytes; it has {first} or more. Set struct_size, or use its init function.");
        return size;
    }
}
