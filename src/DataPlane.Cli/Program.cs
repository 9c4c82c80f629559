using DataPlane.Cli;

#if LZ4_BY_K4OS
DataPlane.Codecs.K4os.K4osLz4.Register();
#endif
return await CommandLine.RunAsync(args, ProgramStreams.OfProcess());
