using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>
/// The groups this gateway is in: those of the configuration, or those that were saved; <c>join</c> and <c>leave</c>
/// change them until the program ends, <c>save</c> for good.
/// </summary>
internal sealed class Membership
{
    /// <summary>Most groups; each is a source with a document of up to 1 MiB.</summary>
    public const int Most = 32;

    private const int Schema = 1;
    private const int LargestFile = 64 * 1024;

    private readonly string path;
    private GatewayIdentity identity;

    public Membership(GatewayIdentity configured, string stateDirectory)
    {
        path = Path.Combine(stateDirectory, "groups.json");
        identity = configured;
        var saved = Load();
        Problem = saved.IsSuccess ? null : $"{saved.Failure}; the groups of the configuration count";
        if (saved is { IsSuccess: true, Value: { } groups })
        {
            identity = configured with { Groups = groups };
            Notice = groups.SequenceEqual(configured.Groups) ? null : $"groups as saved: {Text(groups)}; the configuration says {Text(configured.Groups)}; remove {path} to go back to it";
        }
    }

    /// <summary>Who this gateway is now.</summary>
    public GatewayIdentity Identity => Volatile.Read(ref identity);

    /// <summary>What was wrong with the groups on disk, or null.</summary>
    public string? Problem { get; }

    /// <summary>That saved groups count instead of configured ones, or null.</summary>
    public string? Notice { get; }

    /// <summary>Joins, after all groups there are; false when it was in already.</summary>
    public Result<bool> Join(string group)
    {
        var groups = Identity.Groups;
        if (groups.Contains(group))
        {
            return false;
        }

        if (groups.Length >= Most)
        {
            return new Failure(Phase.Apply, group, $"this gateway is in {Most} groups already");
        }

        Volatile.Write(ref identity, Identity with { Groups = groups.Add(group) });
        return true;
    }

    /// <summary>Leaves; false when it was not in it.</summary>
    public bool Leave(string group)
    {
        if (!Identity.Groups.Contains(group))
        {
            return false;
        }

        Volatile.Write(ref identity, Identity with { Groups = Identity.Groups.Remove(group) });
        return true;
    }

    /// <summary>Keeps the groups of now over restarts.</summary>
    public Result<Nothing> Save()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteStartArray("groups");
            foreach (var group in Identity.Groups)
            {
                json.WriteStringValue(group);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var written = AtomicFile.WriteIfChanged(path, buffer.WrittenSpan, AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }

    private Result<ImmutableArray<string>?> Load()
    {
        if (!AtomicFile.ReadIfThere(path, LargestFile).TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        if (bytes is null)
        {
            return (ImmutableArray<string>?)null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            var groups = document.RootElement.GetProperty("groups").EnumerateArray().Select(static group => group.GetString() ?? "").ToImmutableArray();
            return document.RootElement.GetProperty("schema").GetInt32() == Schema && groups.All(GatewayIdentity.IsName) && groups.Length <= Most
                ? groups
                : new Failure(Phase.Observe, path, "does not hold groups as this version writes them");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new Failure(Phase.Observe, path, $"is not a file of groups: {SystemErrors.Text(e)}");
        }
    }

    private static string Text(ImmutableArray<string> groups) => groups.IsEmpty ? "none" : string.Join(", ", groups);
}
