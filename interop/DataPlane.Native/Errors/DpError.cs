namespace DataPlane.Native.Errors;

/// <summary>What a call can be refused with: the <c>DP_E_*</c> of dataplane_errors.h that no migration ends with. The C side has some for itself.</summary>
internal static class DpError
{
    public const int Argument = -101;
    public const int StructSize = -102;
    public const int NullHandle = -103;
    public const int StaleHandle = -104;
    public const int ForeignHandle = -105;
    public const int WrongSide = -106;
    public const int Reentry = -107;
    public const int Busy = -108;
    public const int State = -109;
    public const int NotReady = -112;
    public const int Buffer = -113;
    public const int Unavailable = -114;
}
