namespace DataPlane.Native.Structs;

/// <summary><c>dp_claim</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpClaim
{
    public uint StructSize;
    public uint Attempt;
    public fixed byte Image[16];
    public int Turn;
    public int Claimant;
}
