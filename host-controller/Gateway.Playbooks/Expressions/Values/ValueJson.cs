using System.Globalization;
using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Expressions;

/// <summary>Values to JSON and back, as Python's json module does it.</summary>
public static class ValueJson
{
    /// <summary><c>{"a": [1, 2.0, null]}</c> as <c>json.dumps</c> prints it, or null when it would be longer than allowed or
    /// holds what JSON has no word for (something undefined or omitted).</summary>
    /// <param name="value">The value; a date becomes a text.</param>
    /// <param name="indent">Spaces of indentation, or null for one line.</param>
    /// <param name="sortKeys">Whether keys are sorted.</param>
    /// <param name="ascii">Whether characters beyond ASCII are escaped.</param>
    /// <param name="longest">The most characters.</param>
    /// <param name="separators">What stands between items, and between a key and its value; Python's usual ones when null.</param>
    public static string? Write(Value value, int? indent = null, bool sortKeys = false, bool ascii = true, int longest = int.MaxValue, (string Item, string Key)? separators = null)
    {
        var writer = new Writer(indent, sortKeys, ascii, longest, separators ?? (indent is null ? ", " : ",", ": "));
        return writer.Write(value, 0) ? writer.Text : null;
    }

    /// <summary>Reads JSON: at most 100 deep, integers of 64 bits; a key given twice keeps its last value, as in Python.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">Where it stands, for failures.</param>
    /// <param name="isUnsafe">Whether texts in it are marked as never templated.</param>
    public static Result<Value> Read(string json, Position at, bool isUnsafe = false)
    {
        try
        {
            return new JsonReader(json, isUnsafe).Read();
        }
        catch (FormatException wrong)
        {
            return Failure.At(Phase.Parse, at, $"is not valid JSON: {wrong.Message}");
        }
    }

    private sealed class Writer(int? indent, bool sortKeys, bool ascii, int longest, (string Item, string Key) separators)
    {
        private readonly StringBuilder into = new();

        public string Text => into.ToString();

        public bool Write(Value value, int level)
        {
            switch (value)
            {
                case TextValue text:
                    WriteText(text.Value);
                    break;
                case NullValue or BoolValue or IntValue or FloatValue:
                    into.Append(Scalar(value));
                    break;
                case TimeValue time:
                    WriteText(PythonText.Str(time).Replace(' ', 'T'));
                    break;
                case ListValue list:
                    return WriteAll('[', ']', list.Items.Select(item => (Func<bool>)(() => Write(item, level + 1))), level);
                case DictValue dict:
                    return WriteDict(dict, level);
                default:
                    return false;
            }

            return into.Length <= longest;
        }

        private bool WriteDict(DictValue dict, int level)
        {
            if (dict.Keys.Any(key => key is not (TextValue or NullValue or BoolValue or IntValue or FloatValue)))
            {
                return false;
            }

            var entries = sortKeys ? Filters.Getter.Sort(dict.Entries, entry => entry.Key) : dict.Entries;
            return WriteAll('{', '}', entries.Select(entry => (Func<bool>)(() =>
            {
                WriteText(entry.Key is TextValue text ? text.Value : Scalar(entry.Key));
                into.Append(separators.Key);
                return Write(entry.Value, level + 1);
            })), level);
        }

        private bool WriteAll(char open, char close, IEnumerable<Func<bool>> items, int level)
        {
            into.Append(open);
            var isFirst = true;
            foreach (var item in items)
            {
                into.Append(isFirst ? "" : separators.Item);
                NewLine(level + 1);
                isFirst = false;
                if (!item() || into.Length > longest)
                {
                    return false;
                }
            }

            if (!isFirst)
            {
                NewLine(level);
            }

            into.Append(close);
            return true;
        }

        private void NewLine(int level)
        {
            if (indent is { } spaces)
            {
                into.Append('\n').Append(' ', spaces * level);
            }
        }

        private static string Scalar(Value value) => value switch
        {
            NullValue => "null",
            BoolValue truth => truth.Value ? "true" : "false",
            IntValue number => number.Value.ToString(CultureInfo.InvariantCulture),
            FloatValue { Value: double.NaN } => "NaN",
            FloatValue number when double.IsInfinity(number.Value) => number.Value > 0 ? "Infinity" : "-Infinity",
            FloatValue number => PythonText.Float(number.Value),
            _ => "",
        };

        private void WriteText(string text)
        {
            into.Append('"');
            foreach (var c in text)
            {
                into.Append(c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    < ' ' => $"\\u{(int)c:x4}",
                    > '~' when ascii => c == '\u007f' ? "\u007f" : $"\\u{(int)c:x4}",
                    _ => c.ToString(),
                });
            }

            into.Append('"');
        }
    }
}
