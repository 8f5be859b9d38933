using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

internal static class CommandReader
{
    private static readonly string[] Words = ["join", "leave", "logs", "reboot", "restart", "save", "status"];
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    public static bool IsBareStatus(ReadOnlyMemory<byte> message)
    {
        if (message.Length > 256)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = 1 });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("command")
                && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("status")
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static Result<Command> Read(SourceText text)
    {
        if (!YamlReader.Read(text).TryGet(out var root, out var wrong))
        {
            return wrong;
        }

        var failures = new List<Failure>();
        var fields = YamlFields.Open(root, "a command", failures);
        var release = fields.Required("release") is { } block ? ReleaseBlock.Parse(block, failures) : null;
        var id = Id(fields);
        var command = fields.Required("command") is null ? null : Read(fields, fields.Text("command"), release, id);
        fields.RejectUnknown();
        return failures.Count > 0 ? failures.ToImmutableArray() : command!;
    }

    private static string? Id(YamlFields fields)
    {
        if (fields.Required("id") is not { } node || fields.Text("id") is not { } id)
        {
            return null;
        }

        if (id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            return id;
        }

        fields.Fail(node, "'id' must be 1 to 64 letters, digits, '-', '_' or '.'");
        return null;
    }

    private static Command? Read(YamlFields fields, string? word, Release? release, string? id)
    {
        switch (word)
        {
            case "status":
                return new StatusCommand(release, id);
            case "save":
                return new SaveCommand(release, id);
            case "reboot":
                return new RebootCommand(release, id);
            case "join":
                return new JoinCommand(release, id, Name(fields, "group", required: true) ?? "");
            case "leave":
                return new LeaveCommand(release, id, Name(fields, "group", required: true) ?? "");
            case "restart":
                return new RestartCommand(release, id, Name(fields, "application", required: true) ?? "", Name(fields, "service", required: false));
            case "logs":
                return new LogsCommand(release, id, Name(fields, "application", required: true) ?? "", Name(fields, "service", required: true) ?? "", Lease(fields));
            case { } other:
                fields.Fail(fields.Node("command")!, $"there is no command '{other}'{Nearest.Hint(other, Words)}; there are {string.Join(", ", Words)}");
                return null;
            default:
                return null;
        }
    }

    private static TimeSpan Lease(YamlFields fields)
    {
        var node = fields.Required("lease");
        var lease = fields.Duration("lease") ?? default;
        if (node is not null && (lease <= TimeSpan.Zero || lease > LongestLease))
        {
            fields.Fail(node, "'lease' must be a duration of at most 1d");
        }

        return lease;
    }

    private static string? Name(YamlFields fields, string key, bool required)
    {
        var node = required ? fields.Required(key) : fields.Node(key);
        if (node is null || fields.Text(key) is not { } name)
        {
            return null;
        }

        if (GatewayIdentity.IsName(name))
        {
            return name;
        }

        fields.Fail(node, $"'{key}' is not a name: '{OneLine.Of(name)}'");
        return null;
    }
}
