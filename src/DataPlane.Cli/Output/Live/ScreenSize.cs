namespace DataPlane.Cli.Output.Live;

/// <summary>Room on a terminal.</summary>
internal readonly record struct ScreenSize(int Columns, int Rows);
