using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Reads what <c>systemctl show</c> prints; only <c>Exec…</c> properties go over several lines.</summary>
internal static class SystemctlShow
{
    public static DictValue Parse(string output)
    {
        var properties = new List<KeyValuePair<string, Value>>();
        string? key = null;
        var value = "";
        foreach (var line in output.Split('\n'))
        {
            if (key is null)
            {
                var at = line.IndexOf('=', StringComparison.Ordinal);
                if (at <= 0)
                {
                    continue;
                }

                (key, value) = (line[..at], line[(at + 1)..]);
                if (key.StartsWith("Exec", StringComparison.Ordinal) && value.TrimStart().StartsWith('{') && !value.TrimEnd().EndsWith('}'))
                {
                    continue;
                }
            }
            else
            {
                value += "\n" + line;
                if (!line.TrimEnd().EndsWith('}'))
                {
                    continue;
                }
            }

            properties.Add(new(key, value.Trim()));
            key = null;
        }

        return (DictValue)DictValue.Of(properties).AsUnsafe();
    }
}
