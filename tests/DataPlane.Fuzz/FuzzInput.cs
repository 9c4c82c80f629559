using System.Text;

namespace DataPlane.Fuzz;

/// <summary>An input in a file: a line with the target's name, then the bytes.</summary>
internal sealed record FuzzInput(string Target, byte[] Bytes)
{
    private const string Magic = "dataplane-fuzz ";

    public void Save(string path)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(Magic + Target + "\n"), .. Bytes]);
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
}
