using DataPlane.Fuzz;

if (!FuzzOptions.TryParse(args, out var options, out var fault))
{
    await Console.Error.WriteLineAsync(fault);
    await Console.Error.WriteLineAsync(FuzzOptions.Usage);
    return 2;
}
// After a hang the file of the input has to stay, so nothing is disposed.
using var loop = new FuzzLoop(options, Console.Out, onHang: () => Environment.Exit(1));
var held = options.Replay is null ? await loop.RunAsync() : await loop.ReplayAsync(FuzzInput.Load(options.Replay));
return held ? 0 : 1;
