using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>
/// The JSON Schema (2020-12) of playbooks, made from the tables the parser uses: for editors, which complete and check with
/// it while one types. It is never stricter than the parser, which has the last word.
/// </summary>
public static class PlaybookSchema
{
    private static readonly string[] Imports = ["import_role", "import_tasks", "include_role", "include_tasks"];
    private static readonly string[] Lists = ["always", "block", "handlers", "post_tasks", "pre_tasks", "rescue", "tasks"];
    private static readonly string[] Truths = ["any_errors_fatal", "become", "force_handlers", "ignore_errors", "ignore_unreachable", "no_log", "run_once"];
    private static readonly string[] Names = ["hosts", "import_playbook", "name", "register"];

    /// <summary>The schema.</summary>
    public static JsonObject Make()
    {
        var modules = new JsonObject();
        foreach (var module in ModuleTable.All)
        {
            modules[module.Name] = Module(module.Schema);
        }

        foreach (var include in Imports.Where(name => modules.ContainsKey(name)))
        {
            // Read by the parser, not by the module.
            modules[include]!["properties"]!["apply"] = new JsonObject();
        }

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Playbook of a gateway",
            ["description"] = "What the host controller takes. Made from its own tables; gatewayctl lint says more.",
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = Any(Ref("play"), Ref("import")),
            ["$defs"] = new JsonObject
            {
                ["play"] = Object(Keywords.Play, "hosts"),
                ["import"] = Object(Keywords.ImportPlaybook.Append("ansible.builtin.import_playbook")),
                ["tasks"] = new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = Any(Ref("block"), Ref("task")) },
                ["block"] = Object(Keywords.Block, "block"),
                ["task"] = Task(),
                ["modules"] = modules,
            },
        };
    }

    private static JsonObject Task()
    {
        var task = Object(Keywords.Handler.Concat(Keywords.Include));
        var properties = (JsonObject)task["properties"]!;
        foreach (var name in Imports.SelectMany(name => new[] { name, "ansible.builtin." + name, "ansible.legacy." + name }))
        {
            properties[name] = new JsonObject();
        }

        foreach (var module in ModuleTable.All)
        {
            foreach (var name in module.OtherNames.Prepend(module.Name))
            {
                properties[name] = Ref($"modules/{module.Name}");
            }
        }

        return task;
    }

    private static JsonObject Object(IEnumerable<string> keywords, params string[] required)
    {
        var properties = new JsonObject();
        foreach (var keyword in keywords.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            properties[keyword] = Keyword(keyword);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    private static JsonObject Keyword(string keyword) =>
        Lists.Contains(keyword) ? Ref("tasks")
        : Truths.Contains(keyword) ? Types("boolean", "integer", "string")
        : Names.Contains(keyword) ? Types("array", "null", "number", "string")
        : keyword is "vars" or "loop_control" ? Types("array", "null", "object")
        : [];

    /// <summary>A mapping of options, or text as <c>name=value</c>.</summary>
    private static JsonObject Module(ModuleSchema schema)
    {
        var properties = new JsonObject();
        foreach (var option in schema.Options)
        {
            foreach (var name in option.Aliases.Prepend(option.Name))
            {
                properties[name] = Value(option);
            }
        }

        var made = Types("null", "object", "string");
        made["properties"] = properties;
        made["additionalProperties"] = schema.AnyName;
        var needed = schema.Options.Where(option => option.Required).Select(option => Any([.. option.Aliases.Prepend(option.Name).Select(Needs)])).ToList();
        if (needed.Count > 0)
        {
            made["allOf"] = new JsonArray([.. needed]);
        }

        return made;
    }

    /// <summary>Not asked of text, and not where <c>args</c> may bring the option.</summary>
    private static JsonObject Needs(string name) => new() { ["required"] = new JsonArray(name) };

    private static JsonObject Value(Option option)
    {
        var schema = option.Type switch
        {
            _ when !option.Choices.IsEmpty => Choice(option.Choices),
            OptionType.Boolean => Types("boolean", "integer", "null", "string"),
            OptionType.Integer => Types("boolean", "integer", "null", "string"),
            OptionType.Texts => Types("array", "null", "number", "string"),
            OptionType.Text or OptionType.Path => Types("boolean", "null", "number", "string"),
            _ => [],
        };
        if (option.Default is TextValue or IntValue or BoolValue)
        {
            schema["default"] = option.Default switch
            {
                IntValue number => number.Value,
                BoolValue truth => truth.Value,
                var text => text.ToString(),
            };
        }

        return schema;
    }

    /// <summary>One of some words, or a template; YAML 1.1 reads some of the words as truth values.</summary>
    private static JsonObject Choice(ImmutableArray<string> choices)
    {
        var words = new JsonArray([.. choices.Select(choice => (JsonNode)choice)]);
        if (choices.Any(choice => choice is "yes" or "no" or "on" or "off"))
        {
            words.Add((JsonNode)true);
            words.Add((JsonNode)false);
        }

        words.Add(null);
        return Any(new JsonObject { ["enum"] = words }, new JsonObject { ["type"] = "string", ["pattern"] = "\\{[{%]" });
    }

    private static JsonObject Types(params string[] names) => new() { ["type"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    private static JsonObject Any(params JsonObject[] schemas) => schemas.Length == 1 ? schemas[0] : new() { ["anyOf"] = new JsonArray([.. schemas]) };
}
