using DataPlane.Native.Errors;

namespace DataPlane.Native.Structs;

/// <summary>
/// Structs across the border. The first field of each says how long it is for the caller: a longer one comes from a newer header and is taken where
/// all that is unknown here is zero. There is no shorter one yet.
/// </summary>
internal static unsafe class StructCopy
{
    private const uint Most = 1 << 16;

    public static T Read<T>(void* from, string name)
        where T : unmanaged
    {
        if (from == null) throw NativeException.Argument($"The {name} is NULL.");
        var size = Size(from, sizeof(T), name);
        if (new ReadOnlySpan<byte>((byte*)from + sizeof(T), (int)size - sizeof(T)).ContainsAnyExcept((byte)0))
            throw new NativeException(DpError.StructSize, $"The {name} has {size} bytes and asks for something that this library, which knows {sizeof(T)}, does not have. Use a newer library.");
        return *(T*)from;
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
        var size = Size(into, sizeof(T), name);
        *(uint*)&value = size;
        *(T*)into = value;
    }

    public static void Zero(ulong reserved, string name)
    {
        if (reserved != 0) throw new NativeException(DpError.StructSize, $"A reserved field of the {name} is not zero.");
    }

    private static uint Size(void* at, int known, string name)
    {
        var size = *(uint*)at;
        if (size < known || size > Most) throw new NativeException(DpError.StructSize, $"The {name} says that it has {size} bytes; it has {known} or more. Set struct_size, or use its init function.");
        return size;
    }
}
