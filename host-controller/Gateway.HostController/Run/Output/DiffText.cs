using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run.Output;

/// <summary>Prints before and after as a unified diff with three lines of context.</summary>
internal static class DiffText
{
    private const int Context = 3;
    private const int MostLines = 5000;

    public static string Of(DictValue diff)
    {
        if (diff.TryGet("prepared", out var prepared))
        {
            return prepared.ToString();
        }

        foreach (var (key, text) in (ReadOnlySpan<(string, string)>)
            [("dst_binary", "diff skipped: destination file appears to be binary"), ("src_binary", "diff skipped: source file appears to be binary"),
             ("dst_larger", "diff skipped: destination file size is too large"), ("src_larger", "diff skipped: source file size is too large")])
        {
            if (diff.TryGet(key, out _))
            {
                return text;
            }
        }

        if (!diff.TryGet("before", out var before) || !diff.TryGet("after", out var after))
        {
            return "";
        }

        string Header(string key, string word) => diff.TryGet(key, out var header) ? $"{word}: {header}" : word;
        return Unified(TextOf(before), TextOf(after), Header("before_header", "before"), Header("after_header", "after"));
    }

    private static string TextOf(Value value) => value is DictValue ? ValueWriter.Text(value, indent: true) + "\n" : value.ToString();

    private static string Unified(string before, string after, string from, string to)
    {
        var (a, b) = (Lines(before), Lines(after));
        if (a.Length > MostLines || b.Length > MostLines)
        {
            return $"--- {from}\n+++ {to}\n(differ; too long to show)";
        }

        var steps = Steps(a, b);
        var text = new StringBuilder();
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Mark == ' ')
            {
                continue;
            }

            var begin = Math.Max(0, i - Context);
            var end = i;
            for (var k = i; k < steps.Count && k <= end + (2 * Context); k++)
            {
                end = steps[k].Mark == ' ' ? end : k;
            }

            end = Math.Min(steps.Count - 1, end + Context);
            Hunk(text, steps, begin, end);
            i = end;
        }

        return text.Length == 0 ? "" : $"--- {from}\n+++ {to}\n{text.ToString().TrimEnd('\n')}";
    }

    private static void Hunk(StringBuilder text, List<(char Mark, string Line, int A, int B)> steps, int begin, int end)
    {
        var part = steps[begin..(end + 1)];
        string Range(int start, int count) => count == 1 ? $"{start + 1}" : $"{(count == 0 ? start : start + 1)},{count}";
        text.Append($"@@ -{Range(part[0].A, part.Count(step => step.Mark != '+'))} +{Range(part[0].B, part.Count(step => step.Mark != '-'))} @@\n");
        foreach (var (mark, line, _, _) in part)
        {
            text.Append(mark).Append(line.EndsWith('\n') ? line : line + "\n\\ No newline at end of file\n");
        }
    }

    /// <summary>Lines kept, removed and added, by the longest common subsequence between the parts that differ.</summary>
    private static List<(char Mark, string Line, int A, int B)> Steps(string[] a, string[] b)
    {
        var first = 0;
        while (first < a.Length && first < b.Length && a[first] == b[first])
        {
            first++;
        }

        var tail = 0;
        while (tail < a.Length - first && tail < b.Length - first && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var (rows, columns) = (a.Length - first - tail, b.Length - first - tail);
        var common = new ushort[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                common[i, j] = a[first + i] == b[first + j] ? (ushort)(common[i + 1, j + 1] + 1) : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var steps = new List<(char, string, int, int)>();
        var (x, y) = (0, 0);
        while (x < a.Length || y < b.Length)
        {
            var inside = x >= first && y >= first && x < first + rows && y < first + columns;
            var same = x < a.Length && y < b.Length && a[x] == b[y] && (!inside || common[x - first, y - first] == common[x - first + 1, y - first + 1] + 1);
            if (same)
            {
                steps.Add((' ', a[x], x++, y++));
            }
            else if (x < first + rows && (!inside || common[x - first + 1, y - first] >= common[x - first, y - first + 1]))
            {
                steps.Add(('-', a[x], x++, y));
            }
            else
            {
                steps.Add(('+', b[y], x, y++));
            }
        }

        return steps;
    }

    private static string[] Lines(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToArray();
        return text.Length == 0 ? [] : text.EndsWith('\n') ? lines[..^1] : [.. lines[..^1], lines[^1][..^1]];
    }
}
