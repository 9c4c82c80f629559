using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataPlane.Tests.Cli.Output;

/// <summary>What a terminal of endless height shows of an output: text, carriage return, line feed, cursor up, erasing to the end of the line and of the screen. What the runtime itself says to a terminal about its keypad is passed over; anything else is an error.</summary>
internal sealed partial class TerminalPicture(int columns)
{
    private readonly List<StringBuilder> _rows = [new StringBuilder()];
    private int _row;
    private int _column;

    /// <summary>How many sequences coloured something.</summary>
    public int Colours { get; private set; }

    /// <summary>What is seen, without empty lines at the end.</summary>
    public string Text => string.Join('\n', _rows.Select(row => row.ToString().TrimEnd())).TrimEnd('\n');

    /// <summary>Where the cursor stands.</summary>
    public (int Row, int Column) Cursor => (_row, _column);

    public void Write(string output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            if (output[i] == '\r') _column = 0;
            else if (output[i] == '\n') Down();
            else if (output[i] == '\e') i += Sequence(Known().Match(output, i)) - 1;
            else Put(output[i]);
        }
    }

    private void Put(char c)
    {
        if (char.IsControl(c)) throw new FormatException($"Character {(int)c} is no text.");
        if (_column == columns) Down();
        var row = _rows[_row];
        if (row.Length <= _column) row.Append(' ', _column + 1 - row.Length);
        row[_column++] = c;
    }

    private void Down()
    {
        _column = 0; // A terminal's driver sends a carriage return before each line feed.
        if (++_row == _rows.Count) _rows.Add(new StringBuilder());
    }

    private int Sequence(Match match)
    {
        if (!match.Success) throw new FormatException("A sequence that nobody expects.");
        switch (match.Groups[2].Value)
        {
            case "A":
                _row = Math.Max(0, _row - int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
                break;
            case "K":
                if (_rows[_row].Length > _column) _rows[_row].Length = _column;
                break;
            case "J":
                if (_rows[_row].Length > _column) _rows[_row].Length = _column;
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case "m":
                Colours++;
                break;
        }
        return match.Length;
    }

    [GeneratedRegex(@"\G\e(?:\[(\d*)([AKJm])|\[\?1h|=)")]
    private static partial Regex Known();
}
