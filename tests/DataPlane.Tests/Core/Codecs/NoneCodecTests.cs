using DataPlane.Core.Codecs;

namespace DataPlane.Tests.Core.Codecs;

public sealed class NoneCodecTests : PageCodecContract
{
    private protected override PageEncoding Encoding => PageEncoding.None;

    private protected override IPageCodec Create() => new NoneCodec();
}
