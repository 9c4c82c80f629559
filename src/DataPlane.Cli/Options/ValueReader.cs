namespace DataPlane.Cli.Options;

/// <summary>Reads a value from the text of one argument; false where it is not of the accepted form.</summary>
internal delegate bool ValueReader<T>(string text, out T value);
