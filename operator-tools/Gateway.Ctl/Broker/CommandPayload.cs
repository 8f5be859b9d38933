using System.Buffers;
using System.Text.Json;
using Gateway.Ctl.Documents;

namespace Gateway.Ctl.Broker;

/// <summary>The text of a command (docs/formats/mqtt.md), as it is signed.</summary>
/// <param name="Id">Names the topic of the reply.</param>
/// <param name="Word">The command.</param>
/// <param name="Members">What belongs to it: group, application, service, lease.</param>
internal sealed record CommandPayload(string Id, string Word, IReadOnlyList<(string Key, string Value)> Members)
{
    // A command is for now: a gateway that is away does not get it later.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(10);

    /// <summary>
    /// JSON. The serial is the time in milliseconds: it rises from command to command whoever sends them, without
    /// anybody keeping count.
    /// </summary>
    public byte[] Write(Destination to, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("release");
            json.WriteNumber("serial", now.ToUnixTimeMilliseconds());
            json.WriteString("expires", ReleaseCheck.Text(now + Validity));
            json.WriteStartArray("targets");
            json.WriteStringValue(to.Target);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString("id", Id);
            json.WriteString("command", Word);
            foreach (var (key, value) in Members)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The members of a command from what follows it on the command line, or null when that does not fit.</summary>
    /// <param name="word">The command.</param>
    /// <param name="subject">A group, an application, or <c>application/service</c>; null when nothing follows.</param>
    /// <param name="lease">For logs.</param>
    public static IReadOnlyList<(string Key, string Value)>? MembersOf(string word, string? subject, string lease) => (word, subject?.Split('/')) switch
    {
        ("status" or "save" or "reboot", null) => [],
        ("join" or "leave", [var group]) => [("group", group)],
        ("restart", [var application]) => [("application", application)],
        ("restart", [var application, var service]) => [("application", application), ("service", service)],
        ("logs", [var application, var service]) => [("application", application), ("service", service), ("lease", lease)],
        _ => null,
    };
}
