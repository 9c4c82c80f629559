using DataPlane.Cli.Options;
using DataPlane.Tools.Shaping;

namespace DataPlane.Cli.Stress;

/// <summary>What goes wrong on a link: faults as people write them, with commas between.</summary>
internal static class FaultList
{
    public const string None = "none";

    public const string Form = "none, or with commas between them: " + FaultText.Form;

    public static bool TryParse(string text, out IReadOnlyList<LinkFault> faults)
    {
        faults = [];
        if (text == None) return true;
        var read = new List<LinkFault>();
        foreach (var word in text.Split(','))
        {
            if (!FaultText.TryParse(word, out var fault)) return false;
            read.Add(fault!);
        }
        faults = read;
        return true;
    }
}
