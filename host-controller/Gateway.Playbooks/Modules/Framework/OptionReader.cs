using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Turns a rendered value into what an option takes (ansible/module_utils/common/validation.py).</summary>
public static class OptionReader
{
    private const string Booleans = "Valid booleans include: 'y', 'yes', 'on', '1', 'true', 't', 1, 1.0, True, 'n', 'no', 'off', '0', 'false', 'f', 0, 0.0, False";

    /// <summary>The value as the option takes it, or what is wrong with it.</summary>
    internal static (Value? Value, string? Wrong) Read(Option option, Value value)
    {
        var (read, wrong) = option.Type switch
        {
            OptionType.Boolean => Boolean(value) is { } truth
                ? (truth, null)
                : (null, $"The value '{value}' is not a valid boolean.  {Booleans}"),
            OptionType.Integer => Integer(value) is { } number ? ((Value)number, null) : (null, $"<class '{value.TypeName}'> cannot be converted to an int"),
            OptionType.Texts => Texts(value),
            OptionType.Text or OptionType.Path => (Text(value), (string?)null),
            _ => (value, null),
        };
        if (wrong is not null)
        {
            return (null, $"argument '{option.Name}' is of type {TypeOf(value)} and we were unable to convert to {Kind(option.Type)}: {wrong}");
        }

        return Allowed(option, read!) is { } refused ? (null, refused) : (read, null);
    }

    private static string? Allowed(Option option, Value read)
    {
        var text = read is BoolValue truth ? (truth.Value ? "yes" : "no") : read.ToString();
        if (option.Refused.TryGetValue(text, out var reason))
        {
            return $"'{option.Name}: {text}' is not supported: {reason}";
        }

        return option.Choices.IsEmpty || option.Choices.Contains(text) ? null : $"value of {option.Name} must be one of: {string.Join(", ", option.Choices)}, got: {text}";
    }

    /// <summary>What a value says as a truth value; null when it says neither.</summary>
    public static BoolValue? Boolean(Value value) => value switch
    {
        BoolValue truth => truth,
        IntValue { Value: 1 } or FloatValue { Value: 1.0 } => BoolValue.True,
        IntValue { Value: 0 } or FloatValue { Value: 0.0 } => BoolValue.False,
        TextValue text => text.Value.Trim().ToLowerInvariant() switch
        {
            "y" or "yes" or "on" or "1" or "true" or "t" => BoolValue.True,
            "n" or "no" or "off" or "0" or "false" or "f" => BoolValue.False,
            _ => null,
        },
        _ => null,
    };

    internal static long? Integer(Value value) => value switch
    {
        IntValue number => number.Value,
        BoolValue truth => truth.Value ? 1 : 0,
        TextValue text when long.TryParse(text.Value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static (Value? Value, string? Wrong) Texts(Value value) => value switch
    {
        ListValue list => (ListValue.Of(list.Items.Select(Text)), null),
        TextValue text => (ListValue.Of(text.Value.Split(',').Select(part => (Value)part)), null),
        IntValue or FloatValue => (ListValue.Of([Text(value)]), null),
        _ => (null, $"{TypeOf(value)} cannot be converted to a list"),
    };

    private static Value Text(Value value) => value is TextValue ? value : value.ToString();

    private static string TypeOf(Value value) => $"<class '{value.TypeName}'>";

    private static string Kind(OptionType type) => type switch
    {
        OptionType.Boolean => "bool",
        OptionType.Integer => "int",
        OptionType.Texts => "list",
        _ => "str",
    };
}
