using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Gateway.Core.Engine;

/// <summary>Puts a request's query together.</summary>
internal sealed class Query
{
    private readonly StringBuilder text = new();

    public Query Add(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public Query Add(string name, bool value) => Add(name, value ? "1" : null);

    /// <summary>The engine's <c>filters</c>: <c>{"label":["a=b"],…}</c>; lists that are empty are left out.</summary>
    public Query Filters(params ReadOnlySpan<(string Name, ImmutableArray<string> Values)> filters)
    {
        using var json = new MemoryStream();
        var any = false;
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in filters)
            {
                if (values.IsDefaultOrEmpty)
                {
                    continue;
                }

                any = true;
                writer.WriteStartArray(name);
                foreach (var value in values)
                {
                    writer.WriteStringValue(value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return any ? Add("filters", Encoding.UTF8.GetString(json.GetBuffer().AsSpan(0, (int)json.Length))) : this;
    }

    public override string ToString() => text.ToString();
}
