using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Output;

/// <summary>Aligned columns: the header in capitals, two spaces between columns, nothing drawn, so that awk reads it too.</summary>
internal sealed class Table(params ImmutableArray<string> header)
{
    private readonly List<ImmutableArray<string>> rows = [];

    /// <summary>Adds a row of as many cells as the header has; an empty cell is shown as <c>-</c>.</summary>
    public void Add(params ImmutableArray<string> cells) =>
        rows.Add(cells.Length == header.Length
            ? [.. cells.Select(cell => cell.Length == 0 ? "-" : OneLine.Of(cell))]
            : throw new ArgumentException($"a row of {cells.Length} cells under a header of {header.Length}", nameof(cells)));

    /// <summary>Writes header and rows; the header in bold on a terminal.</summary>
    public void Write(Terminal terminal)
    {
        var widths = header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        var head = Line(header, widths);
        terminal.Out.WriteLine(terminal.Styled ? $"\e[1m{head}\e[0m" : head);
        foreach (var row in rows)
        {
            terminal.Out.WriteLine(Line(row, widths));
        }
    }

    private static string Line(ImmutableArray<string> cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            line.Append(cells[column].PadRight(widths[column])).Append("  ");
        }

        return line.ToString().TrimEnd();
    }
}
