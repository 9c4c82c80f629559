using System.Threading.Channels;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Transport.Control;

namespace DataPlane.Handover;

/// <summary>
/// Where the words about one attempt come from and go to: over the session's control connection, and when that is lost over the latest that
/// the source has made to ask. For any thread; one reads.
/// </summary>
internal sealed class HandoverLine(HandoverKey key, Guid ownJournal)
{
    /// <summary>A word and its text: 43 bytes and at most 4096 of text for people.</summary>
    public const int MostBytes = 4200;

    // A word that is dropped because too many came at once is asked for again.
    private const int MostWords = 16;

    // A word is a hundred bytes: a peer that does not take them in this time takes nothing.
    private static readonly TimeSpan SayTime = TimeSpan.FromMilliseconds(500);

    private readonly Channel<HandoverWord> _heard = Channel.CreateBounded<HandoverWord>(
        new BoundedChannelOptions(MostWords) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private Connection? _connection;
    private Task<bool>? _whenHeard;

    public HandoverKey Key => key;

    public Guid OwnJournal => ownJournal;

    /// <summary>As the peer named it at the handshake.</summary>
    public Guid PeerJournal { get; set; }

    /// <summary>The connection over which words go now; null where there is none.</summary>
    public ControlLink? Link => Volatile.Read(ref _connection)?.Link;

    /// <summary>Completes when words go over the present connection no more; at once where there is none.</summary>
    public Task WhenLost => Volatile.Read(ref _connection)?.Lost.Task ?? Task.CompletedTask;

    public void Use(ControlLink link) => _ = Interlocked.Exchange(ref _connection, new Connection(link))?.Lost.TrySetResult();

    /// <summary>Words go over <paramref name="link"/> no more, if they did.</summary>
    public void Lose(ControlLink link)
    {
        if (Volatile.Read(ref _connection) is not { } now || now.Link != link) return;
        _ = Interlocked.CompareExchange(ref _connection, null, now);
        _ = now.Lost.TrySetResult();
    }

    public bool IsEmpty => !_heard.Reader.TryPeek(out _);

    public bool TryRead(out HandoverWord word) => _heard.Reader.TryRead(out word);

    /// <summary>Completes when there is a word to read.</summary>
    public Task WhenHeard => _whenHeard is { IsCompleted: false } waiting ? waiting : _whenHeard = _heard.Reader.WaitToReadAsync().AsTask();

    /// <summary>Takes what the peer said. False where it is about another attempt or another journal: nothing of it counts.</summary>
    public bool Hear(HandoverMessage said)
    {
        if (!Concerns(said) || said.Journal != ownJournal) return false;
        _ = _heard.Writer.TryWrite(said.Word);
        return true;
    }

    /// <summary>The source ended the session before it gave the guest away: as its word that it keeps it.</summary>
    public void HearKept() => _ = _heard.Writer.TryWrite(HandoverWord.Kept);

    /// <summary>COMMIT came on the session's connection when nobody waited for it there any more.</summary>
    public void HearCommit() => _ = _heard.Writer.TryWrite(HandoverWord.Commit);

    /// <summary>The source let go of the guest, and said so to somebody else of this process.</summary>
    public void HearReleased() => _ = _heard.Writer.TryWrite(HandoverWord.Released);

    public bool Concerns(HandoverMessage said) => said.Image == key.Image && said.Attempt == key.Attempt && said.Side != key.Side;

    /// <summary>Says a word, or what stands for it on a session's connection. Never throws: without a link it is dropped. Whether it went out.</summary>
    public async ValueTask<bool> SayAsync(HandoverWord word, IControlMessage? instead = null)
    {
        if (Link is not { } link) return false;
        using var limit = new CancellationTokenSource(SayTime);
        try
        {
            await link.SendAsync(instead ?? Message(word, PeerJournal, ""), limit.Token);
            return true;
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or ObjectDisposedException)
        {
            Lose(link);
            link.Abort(); // A message that was cut short is the last of its connection.
            return false;
        }
    }

    public HandoverMessage Message(HandoverWord word, Guid journal, string text) => new(key.Image, key.Attempt, key.Side, word, journal, text);

    /// <summary>The preamble of a connection that is there for nothing but words.</summary>
    public static byte[] Opening()
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Handover, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, Guid.NewGuid(), Mac: 0).Write(preamble);
        return preamble;
    }

    /// <summary>Reads words from a connection that is there for nothing else, until it ends. Never throws.</summary>
    public async Task ListenAsync(ControlLink link)
    {
        try
        {
            while (await link.ReceiveAsync(MostBytes, CancellationToken.None) is HandoverMessage said) _ = Hear(said);
        }
        catch (Exception ended) when (ended is MigrationException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever owes an answer finds out that there is no link.
        }
        Lose(link);
    }

    private sealed record Connection(ControlLink Link)
    {
        public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
