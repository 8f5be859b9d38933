using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Reconciliation.Desired;

/// <summary>A rule of the kernel's device controller (Documentation/admin-guide/cgroup-v1/devices.rst): <c>c 188:* rwm</c>.</summary>
/// <param name="Type"><c>a</c> (all), <c>b</c> or <c>c</c>.</param>
/// <param name="Major">Null: any.</param>
/// <param name="Minor">Null: any.</param>
/// <param name="Permissions">Of <c>rwm</c>.</param>
public sealed partial record DeviceRule(char Type, uint? Major, uint? Minor, string Permissions)
{
    /// <summary>Reads a rule; false when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DeviceRule? rule)
    {
        var match = text.Length <= 64 ? Form().Match(text) : Match.Empty;
        rule = match.Success && TryNumber(match.Groups["major"].Value, out var major) && TryNumber(match.Groups["minor"].Value, out var minor)
            ? new DeviceRule(match.Groups["type"].Value[0], major, minor, match.Groups["permissions"].Value)
            : null;
        return rule is not null;
    }

    /// <summary>Whether whatever the other allows this one allows too.</summary>
    public bool Covers(DeviceRule other) =>
        (Type == 'a' || Type == other.Type)
        && (Type == 'a' || Major is null || Major == other.Major)
        && (Type == 'a' || Minor is null || Minor == other.Minor)
        && other.Permissions.All(permission => Permissions.Contains(permission, StringComparison.Ordinal));

    private static bool TryNumber(string text, out uint? number)
    {
        var good = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = good ? value : null;
        return good || text == "*";
    }

    [GeneratedRegex(@"^(?<type>[abc]) (?<major>[0-9]+|\*):(?<minor>[0-9]+|\*) (?<permissions>[rwm]{1,3})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
