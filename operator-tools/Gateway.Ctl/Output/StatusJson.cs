using System.Text.Json;
using Gateway.Ctl.Broker;

namespace Gateway.Ctl.Output;

/// <summary>Statuses for programs: each status as the gateway wrote it, and <c>presence</c> in it.</summary>
internal static class StatusJson
{
    /// <summary>An array, or the one object.</summary>
    public static string Write(IReadOnlyCollection<Fleet.Member> members, bool single)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            if (!single)
            {
                json.WriteStartArray();
            }

            foreach (var member in members)
            {
                Write(json, member);
            }

            if (!single)
            {
                json.WriteEndArray();
            }
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, Fleet.Member member)
    {
        json.WriteStartObject();
        if (member.Status is null)
        {
            json.WriteString("gateway", member.Id);
        }
        else
        {
            using var status = JsonDocument.Parse(member.Json);
            foreach (var property in status.RootElement.EnumerateObject().Where(property => property.Name != "presence"))
            {
                property.WriteTo(json);
            }
        }

        json.WriteString("presence", member.Presence);
        json.WriteEndObject();
    }
}
