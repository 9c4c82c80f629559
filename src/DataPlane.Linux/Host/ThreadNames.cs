using System.Text;
using DataPlane.Linux.Kvm;

namespace DataPlane.Linux.Host;

/// <summary>What the kernel, and so every tool that lists threads, calls a thread.</summary>
internal static unsafe class ThreadNames
{
    private const int SetName = 15; // PR_SET_NAME

    /// <summary>The calling thread is called <paramref name="name"/>, of which the kernel keeps 15 bytes. For people: a failure is none.</summary>
    public static void Take(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0')) _ = ThreadNative.Control(SetName, (nuint)text);
    }
}
