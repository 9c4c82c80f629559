using System.Text.Json;
using DataPlane;
using DataPlane.Peer;

// One request a line, one answer a line, until standard input ends: so a peer never outlives who started it.
PeerGuest? guest = null;
while (await Console.In.ReadLineAsync() is { } line)
{
    PeerReply reply;
    try
    {
        reply = await AnswerAsync(JsonSerializer.Deserialize(line, PeerJson.Default.PeerRequest)!);
    }
    catch (Exception fault)
    {
        reply = new PeerReply { Error = fault.ToString() };
    }
    Console.WriteLine(JsonSerializer.Serialize(reply, PeerJson.Default.PeerReply));
}
guest?.Dispose();

async Task<PeerReply> AnswerAsync(PeerRequest request)
{
    if (request.Do == PeerOrder.Make) guest = new PeerGuest(request.Guest!, request.Here);
    else if (request.Do == PeerOrder.Weigh)
    {
        await MigrationProcess.PrepareAsync(); // The rehearsal that the first move began is not what moves leave behind.
        return new PeerReply { Holdings = Scales.Weigh() };
    }
    else if (request.Do == PeerOrder.CountBlackout) return new PeerReply { Blackout = await BlackoutCounting.RunAsync() };
    var own = guest ?? throw new InvalidOperationException("There is no guest yet.");
    return request.Do switch
    {
        PeerOrder.Make => new PeerReply(),
        PeerOrder.Listen => new PeerReply { Address = own.Listen(request).ToString() },
        PeerOrder.Take => new PeerReply { Move = await own.TakeAsync() },
        PeerOrder.Send => new PeerReply { Move = await own.SendAsync(request) },
        PeerOrder.Settle => new PeerReply { Move = await own.SettleAsync(request.Told) },
        PeerOrder.Look => new PeerReply { Guest = await own.LookAsync() },
        var other => throw new InvalidOperationException($"This peer does not know the order {other}."),
    };
}
