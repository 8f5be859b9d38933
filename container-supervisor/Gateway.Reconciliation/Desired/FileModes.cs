using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Permission bits. Compose means octal; YAML 1.2 reads <c>0440</c> as a decimal number, so the text counts.</summary>
internal static class FileModes
{
    /// <summary><c>0440</c>, <c>0o440</c>, or <c>"440"</c> in quotes; a bare <c>440</c> could mean either and is refused.</summary>
    public static int? Read(YamlNode node, Reading reading)
    {
        if (node is YamlScalar { Text: { Length: > 0 and <= 6 } text } scalar)
        {
            var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
            var isOctal = !scalar.IsPlain || text.StartsWith('0');
            if (isOctal && digits.Length is > 0 and <= 5 && digits.All(static c => c is >= '0' and <= '7') && Convert.ToInt32(digits, 8) is <= 0xFFF and var mode)
            {
                return mode;
            }
        }

        reading.Fail(node, "a mode must be octal and begin with 0, like 0440");
        return null;
    }
}
