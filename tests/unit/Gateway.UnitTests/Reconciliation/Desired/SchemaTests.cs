using System.Text.Json;
using Gateway.Reconciliation.Desired;

namespace Gateway.UnitTests.Reconciliation.Desired;

public class SchemaTests
{
    [Fact]
    public void The_schema_knows_the_keys_that_a_gateway_accepts_and_no_others()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository(), "docs/formats/schemas/desired-state.schema.json")));
        var keys = schema.RootElement.GetProperty("$defs").GetProperty("service").GetProperty("properties").EnumerateObject().Select(property => property.Name);

        Assert.Equal(
            ServiceKeys.All.Where(key => key.Support != KeySupport.Refused).Select(key => key.Name).Order(StringComparer.Ordinal),
            keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_schema_of_a_twin_knows_what_the_parser_knows()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository(), "docs/formats/schemas/twin.schema.json")));
        var keys = schema.RootElement.GetProperty("$defs").GetProperty("module").GetProperty("properties").EnumerateObject().Select(property => property.Name).ToList();
        var nothing = string.Join(", ", keys.Select(key => $"\"{key}\": null"));
        var asked = Given.Parse($$"""{"config_number": 1, "modules": [{ {{nothing}} }]}""").Failures;

        Assert.Equal(9, keys.Count);
        Assert.Equal(["a module needs 'module_name'", "a module needs 'container_image'"], asked.Select(failure => failure.Message));
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
