using DataPlane.Cli;

return await CommandLine.RunAsync(args, ProgramStreams.OfProcess());
