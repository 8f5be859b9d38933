namespace Gateway.Core.Yaml;

/// <summary>One key of a mapping and what stands under it.</summary>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
