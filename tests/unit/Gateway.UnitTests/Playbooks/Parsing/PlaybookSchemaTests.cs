using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;
using Gateway.Playbooks.Yaml;

namespace Gateway.UnitTests.Playbooks.Parsing;

/// <summary>The JSON Schema of playbooks is that of the code (written anew with <c>UPDATE_DOCS</c>), and takes what the parser takes.</summary>
public sealed class PlaybookSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonObject Schema = PlaybookSchema.Make();

    [Fact]
    public void The_schema_is_made_from_the_code()
    {
        var path = Path.Combine(Repository(), "docs/formats/schemas/playbook.schema.json");
        var made = Schema.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is not null)
        {
            File.WriteAllText(path, made);
            return;
        }

        Assert.Equal(made, File.ReadAllText(path));
    }

    public static TheoryData<string> Playbooks { get; } =
    [
        .. new[] { "playbooks", "tests/integration/ansible" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository(), folder), "*.yml"))
            .Select(file => Path.GetRelativePath(Repository(), file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>An editor must not mark what a gateway takes.</summary>
    [Theory]
    [MemberData(nameof(Playbooks))]
    public void A_playbook_that_runs_fits(string file)
    {
        var problems = string.Join('\n', Problems(File.ReadAllText(Path.Combine(Repository(), file))));
        Assert.True(problems.Length == 0, problems);
    }

    [Theory]
    [InlineData("- hosts: all\n  task: []\n", "task")]
    [InlineData("- tasks: []\n", "hosts")]
    [InlineData("- hosts: all\n  tasks: [{cpy: {dest: x}}]\n", "cpy")]
    [InlineData("- hosts: all\n  tasks: [{copy: {dest: x, contents: y}}]\n", "contents")]
    [InlineData("- hosts: all\n  tasks: [{copy: {content: y}}]\n", "dest")]
    [InlineData("- hosts: all\n  tasks: [{apt: {name: x, state: installed}}]\n", "state")]
    [InlineData("- hosts: all\n  tasks: [{block: [{debug: {mgs: x}}]}]\n", "mgs")]
    [InlineData("- hosts: all\n  tasks: [{reboot: {reboot_timeout: [1]}}]\n", "reboot_timeout")]
    public void What_is_wrong_is_marked_where_the_parser_finds_it(string text, string what)
    {
        Assert.Contains(Problems(text), problem => problem.Contains(what, StringComparison.Ordinal));
        Assert.False(PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", System.Text.Encoding.UTF8.GetBytes(text))), ParseOptions.Unsigned).IsSuccess);
    }

    private static List<string> Problems(string text)
    {
        var read = YamlReader.Read(new SourceText("p.yml", System.Text.Encoding.UTF8.GetBytes(text)), tags: Yaml11.Tags).Value;
        return [.. Check(Schema, JsonNode.Parse(ValueJson.Write(Yaml11.ToValue(read).Value)!), "")];
    }

    /// <summary>As much of JSON Schema as the schema uses.</summary>
    private static IEnumerable<string> Check(JsonObject schema, JsonNode? value, string at)
    {
        if (schema["$ref"] is { } reference)
        {
            JsonNode target = Schema;
            foreach (var name in reference.GetValue<string>()[2..].Split('/'))
            {
                target = target[name] ?? throw new InvalidOperationException($"no {reference}");
            }

            return Check((JsonObject)target, value, at);
        }

        if (schema["anyOf"] is JsonArray any)
        {
            var each = any.Select(one => Check((JsonObject)one!, value, at).ToList()).ToList();
            return each.Exists(problems => problems.Count == 0) ? [] : each.SelectMany(problems => problems);
        }

        return Plain(schema, value, at);
    }

    private static IEnumerable<string> Plain(JsonObject schema, JsonNode? value, string at)
    {
        var kind = value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "boolean",
        };
        string[] types = schema["type"] switch { null => [], JsonArray several => [.. several.Select(one => one!.GetValue<string>())], var one => [one.GetValue<string>()] };
        if (types.Length > 0 && !types.Contains(kind) && !(kind == "number" && types.Contains("integer")))
        {
            yield return $"{at} is a {kind}";
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            yield return $"{at} is {value}";
        }

        if (schema["pattern"] is { } pattern && kind == "string" && !Regex.IsMatch(value!.GetValue<string>(), pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            yield return $"{at} is {value}";
        }

        foreach (var problem in Inside(schema, value, at))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Inside(JsonObject schema, JsonNode? value, string at)
    {
        var parts = value switch
        {
            JsonArray list when schema["items"] is JsonObject items => list.SelectMany((item, i) => Check(items, item, $"{at}/{i}")),
            JsonObject dict => dict.SelectMany(entry => schema["properties"]?[entry.Key] is JsonObject property ? Check(property, entry.Value, $"{at}/{entry.Key}")
                : schema["additionalProperties"]?.GetValue<bool>() == false ? [$"{at} has {entry.Key}"] : []),
            _ => [],
        };
        var missing = value is JsonObject mapping && schema["required"] is JsonArray required
            ? required.Where(name => !mapping.ContainsKey(name!.GetValue<string>())).Select(name => $"{at} lacks {name}")
            : [];
        var all = schema["allOf"] is JsonArray several ? several.SelectMany(one => Check((JsonObject)one!, value, at)) : [];
        return parts.Concat(missing).Concat(all);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("run the tests from the repository");
        }

        return folder;
    }
}
