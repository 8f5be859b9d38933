using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Yaml;

namespace Gateway.UnitTests.Fuzz;

/// <summary>Changes documents as trees, so that what comes out is still well-formed and gets further than to the scanner.</summary>
internal sealed class TreeMutator(Random random)
{
    private const int Mebibyte = 1024 * 1024;
    private const string Alias = "@@alias@@";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2000 };

    private static readonly string[] Texts =
    [
        "", " ", "a", "a b", "-1", "0", "1", "2", "99999999999999999999", "1e999", "true", "no", "null", "~", "$$", "${A}", "a=b", "=", "a=", "/", "/a/../..", "//", "relative", "../x", "a:b", "a:b:c:d", ":", "::",
        "80", "1-1024", "65535-1", "8000-9000:1-1001", "127.0.0.1:1-5:1-5/udp", "[::1]:80:80", "/dev/a|/dev/b*", "/dev/*:/x:rwm", "c 188:* rwm", "service:web", "service:db", "container:x", "host", "none",
        "on-failure:3", "always", "1h", "10000d", "-5s", "64m", "1e3g", "0o17", "0777", "sha256:x", "x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "a\u0000b", "a\nb", "\ufeff", "é😀", "io.gateway.role",
        "{{ x", "{% if x %}", "{{ x | default(omit) }}", "{{ range(99999999) | list }}", "{{ 'a' * 999999999 }}", "{% for i in range(99999) %}{{ i }}{% endfor %}", "{{ lookup('pipe', 'id') }}", "{{ '(a+)+$' | regex_search(x) }}", "{{ vars }}",
        "debug", "yes", "0644", "12:30:45", "2026-11-21", "a=b c='d e", "echo 'x", "echo \"a b\" c\\", "A=1\nB='2\n", "@sha256", "*", "?", "**", "a\\b", "{{ x }}", "-", "--", ".", "..", "10.0.0.0/8", "fe80::1", "1.2.3",
    ];

    private static readonly string[] Keys =
    [
        "image", "command", "environment", "env_file", "secrets", "configs", "content", "source", "target", "mode", "volumes", "volumes_from", "tmpfs", "ports", "devices", "networks", "network_mode", "pid", "ipc", "links",
        "depends_on", "condition", "healthcheck", "test", "deploy", "resources", "limits", "reservations", "update_config", "order", "restart_policy", "gpus", "blkio_config", "weight_device", "device_cgroup_rules", "ulimits",
        "hosts", "tasks", "handlers", "block", "rescue", "always", "when", "loop", "with_items", "with_dict", "loop_control", "vars", "vars_files", "register", "notify", "listen", "until", "retries", "tags", "become", "no_log", "args", "action",
        "debug", "msg", "var", "copy", "set_fact", "include_tasks", "import_tasks", "roles", "meta", "module_defaults", "apply", "import_playbook", "template", "gather_facts", "x-create-options", "HostConfig", "Binds", "Mounts", "NetworkMode", "ExposedPorts", "Labels", "Env", "x-a", "extends", "name", "external", "ipam", "config", "subnet", "services", "applications", "release", "serial",
        "targets", "modules", "module_name", "startup_order", "container_create_options", "policy", "windows", "mqtt", "groups", "lease", "group", "id", "Ports", "<<", "",
    ];

    public byte[] Small(IReadOnlyList<string> valid)
    {
        var root = Tree(valid);
        for (var left = 1 + random.Next(5); left > 0; left--)
        {
            Change(root, valid);
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString(Plain));
    }

    /// <summary>A document of a mebibyte at most, one place of it blown up, some of it by aliases.</summary>
    public byte[] Large(IReadOnlyList<string> valid)
    {
        var root = Tree(valid);
        var places = Containers(root).ToList();
        var place = places[random.Next(places.Count)];
        var model = Child(place)?.DeepClone() ?? JsonValue.Create("x");
        var withAlias = random.Next(3) == 0;
        var piece = withAlias ? JsonValue.Create(Alias) : model;
        var cost = piece.ToJsonString(Plain).Length + 12;
        switch (random.Next(5))
        {
            case 0:
                Put(place, random.Next(), Deep(random.Next(70)));
                break;
            case 1:
                Put(place, random.Next(), JsonValue.Create(new string(" a$/:-'0"[random.Next(8)], Mebibyte - 20_000)));
                break;
            default:
                for (var i = 0; i < (Mebibyte - 20_000) / cost; i++)
                {
                    Put(place, i, piece.DeepClone());
                }

                break;
        }

        var text = root.ToJsonString(Plain);
        if (withAlias)
        {
            var anchored = random.Next(2) == 0 ? model.ToJsonString(Plain) : Deep(1 + random.Next(40)).ToJsonString(Plain);
            var name = root is JsonObject ? "\"x-a\": " : "";
            text = $"{text[0]}{name}&a {anchored}, {text[1..].Replace($"\"{Alias}\"", "*a ", StringComparison.Ordinal)}";
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length > Mebibyte ? bytes[..Mebibyte] : bytes;
    }

    private void Change(JsonNode root, IReadOnlyList<string> valid)
    {
        var places = Containers(root).ToList();
        var place = places[random.Next(places.Count)];
        switch (random.Next(7))
        {
            case 0:
                Set(place, Value());
                break;
            case 1:
                Put(place, random.Next(), Value());
                break;
            case 2 when place is JsonObject json:
                json[Keys[random.Next(Keys.Length)]] = random.Next(2) == 0 ? Value() : Child(place)?.DeepClone();
                break;
            case 3:
                var others = Containers(Tree(valid)).ToList();
                Set(place, others[random.Next(others.Count)].DeepClone());
                break;
            case 4 when place is JsonObject { Count: > 0 } json:
                json.Remove(json.ElementAt(random.Next(json.Count)).Key);
                break;
            case 5:
                Set(place, new JsonArray(Child(place)?.DeepClone(), Child(place)?.DeepClone()));
                break;
            case 6:
                Set(place, new JsonObject { [Keys[random.Next(Keys.Length)]] = Child(place)?.DeepClone() });
                break;
            default:
                Set(place, Deep(random.Next(8)));
                break;
        }
    }

    private JsonNode? Value() => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        3 => JsonValue.Create(random.Next(-2, 70_000)),
        4 => JsonValue.Create(random.NextDouble() * 1e18),
        _ => JsonValue.Create(Texts[random.Next(Texts.Length)]),
    };

    private JsonNode Deep(int levels)
    {
        JsonNode node = JsonValue.Create(Texts[random.Next(Texts.Length)]);
        for (var i = 0; i < levels; i++)
        {
            node = random.Next(2) == 0 ? new JsonArray(node) : new JsonObject { ["x-a"] = node };
        }

        return node;
    }

    private JsonNode? Child(JsonNode place) => place switch
    {
        JsonObject { Count: > 0 } json => json.ElementAt(random.Next(json.Count)).Value,
        JsonArray { Count: > 0 } list => list[random.Next(list.Count)],
        _ => null,
    };

    /// <summary>In the place of one of its children.</summary>
    private void Set(JsonNode place, JsonNode? value)
    {
        if (place is JsonObject { Count: > 0 } json)
        {
            json[json.ElementAt(random.Next(json.Count)).Key] = value;
        }
        else if (place is JsonArray { Count: > 0 } list)
        {
            list[random.Next(list.Count)] = value;
        }
    }

    /// <summary>Beside its children.</summary>
    private static void Put(JsonNode place, int number, JsonNode? value)
    {
        if (place is JsonObject json)
        {
            json[$"k{number.ToString(CultureInfo.InvariantCulture)}"] = value;
        }
        else
        {
            place.AsArray().Add(value);
        }
    }

    private JsonNode Tree(IReadOnlyList<string> valid)
    {
        var text = Encoding.UTF8.GetBytes(valid[random.Next(valid.Count)]);
        return Json(YamlReader.Read(new SourceText("valid", text), tags: Gateway.Playbooks.Yaml.Yaml11.Tags).Value)!;
    }

    private static IEnumerable<JsonNode> Containers(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(pair => Containers(pair.Value)).Prepend(json),
        JsonArray list => list.SelectMany(Containers).Prepend(list),
        _ => [],
    };

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Json(entry.Value)))),
        YamlSequence list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar scalar when CoreSchema.IsNull(scalar) => null,
        YamlScalar scalar when CoreSchema.Boolean(scalar) is { } boolean => JsonValue.Create(boolean),
        YamlScalar scalar when CoreSchema.Integer(scalar) is { } integer => JsonValue.Create(integer),
        var scalar => JsonValue.Create(((YamlScalar)scalar).Text),
    };
}
