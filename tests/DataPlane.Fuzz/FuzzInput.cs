using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Fuzz;

/// <summary>An input in a file: a line with the target's name, then the bytes.</summary>
internal sealed record FuzzInput(string Target, byte[] Bytes)
{
    private const string Magic = "dataplane-fuzz ";

    public void Save(string path) => File.WriteAllBytes(path, FileBytes);

    /// <summary>As <see cref="Save"/>, over what an open file holds: a file made for each input would take longer than most inputs.</summary>
    public void SaveOver(SafeFileHandle file)
    {
        var bytes = FileBytes;
        RandomAccess.SetLength(file, bytes.Length);
        RandomAccess.Write(file, bytes, 0);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> for a file that is none of ours.</summary>
    public static FuzzInput Load(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var end = Array.IndexOf(bytes, (byte)'\n');
        var line = end < 0 ? "" : Encoding.ASCII.GetString(bytes, 0, end);
        if (!line.StartsWith(Magic, StringComparison.Ordinal)) throw new InvalidDataException($"{path} is no input of this command.");
        return new FuzzInput(line[Magic.Length..], bytes[(end + 1)..]);
    }

    private byte[] FileBytes => [.. Encoding.ASCII.GetBytes($"{Magic}{Target}\n"), .. Bytes];
}
