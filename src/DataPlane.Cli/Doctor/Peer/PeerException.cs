namespace DataPlane.Cli.Doctor;

/// <summary>The other host could not be examined: at which step, why, and with which exit code that ends.</summary>
internal sealed class PeerException(string step, string message, int code) : Exception(message)
{
    /// <summary><c>resolve</c>, <c>connect</c>, <c>greet</c> or <c>examine</c>.</summary>
    public string Step => step;

    public int Code => code;
}
