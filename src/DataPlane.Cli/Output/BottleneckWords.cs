namespace DataPlane.Cli.Output;

/// <summary>What a <c>bottleneck</c> of the result document means.</summary>
internal static class BottleneckWords
{
    /// <summary>Without a full stop. One that is not known stays as it is.</summary>
    public static string Of(string bottleneck) => bottleneck switch
    {
        "network" => "network: channels waited for the link",
        "scan" => "scan: the source's reading of memory was slower than the link",
        "compress" => "compress: compressing was slower than the link",
        "destination" => "destination: it took the pages more slowly than they could come",
        "cap" => "cap: --max-bandwidth held the passes back",
        _ => bottleneck,
    };
}
