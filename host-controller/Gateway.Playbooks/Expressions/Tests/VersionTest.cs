using System.Collections.Immutable;
using System.Numerics;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>The version test: Python's LooseVersion (the default), StrictVersion, and semantic versions.</summary>
internal static partial class VersionTest
{
    public static Value Apply(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("version", 1, "version", "operator", "strict", "version_type");
        if (bound[2] is not (null or NullValue) && bound[3] is not (null or NullValue))
        {
            throw new TemplateException("Cannot specify both 'strict' and 'version_type'");
        }

        if (!value.IsTrue)
        {
            throw new TemplateException("Input version value cannot be empty");
        }

        var other = Operators.Defined(bound[0]!).IsTrue ? evaluator.Budget.Str(bound[0]!) : throw new TemplateException("Version parameter to compare against cannot be empty");
        var kind = bound[3] is null or NullValue ? bound[2]?.IsTrue ?? false ? "strict" : "loose" : evaluator.Budget.Str(bound[3]!);
        var op = bound[1] is null ? "eq" : evaluator.Budget.Str(bound[1]!);
        var text = evaluator.Budget.Str(value);
        var order = kind switch
        {
            "loose" => Compare(Loose(text), Loose(other)),
            "strict" => Compare(Strict(text), Strict(other)),
            "semver" or "semantic" => CompareSemantic(text, other),
            "pep440" => throw new TemplateException("version_type 'pep440' is not supported: use loose, strict or semver"),
            _ => throw new TemplateException($"Invalid version type ({kind}). Must be one of 'loose', 'strict', 'semver', 'semantic'"),
        };
        return op switch
        {
            "==" or "=" or "eq" => order == 0,
            "<" or "lt" => order < 0,
            "<=" or "le" => order <= 0,
            ">" or "gt" => order > 0,
            ">=" or "ge" => order >= 0,
            "!=" or "<>" or "ne" => order != 0,
            _ => throw new TemplateException($"Invalid operator type ({op}). Must be one of ==, =, eq, <, lt, <=, le, >, gt, >=, ge, !=, <>, ne"),
        };
    }

    /// <summary>Runs of digits, of lower-case letters, and what lies between dots.</summary>
    private static ImmutableArray<object> Loose(string version) =>
        [.. LooseParts().Split(version).Where(part => part.Length > 0 && part != ".").Select(Part)];

    private static object Part(string part) => part.All(char.IsAsciiDigit) && part.Length < 100 ? BigInteger.Parse(part) : part;

    private static int Compare(ImmutableArray<object> a, ImmutableArray<object> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = (a[i], b[i]) switch
            {
                (BigInteger x, BigInteger y) => x.CompareTo(y),
                (string x, string y) => Operators.CompareTexts(x, y),
                _ => throw new TemplateException($"Version comparison failed: '<' not supported between instances of '{Name(a[i])}' and '{Name(b[i])}'"),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static string Name(object part) => part is string ? "str" : "int";

    private static ImmutableArray<object> Strict(string version)
    {
        var match = StrictVersion().Match(version);
        if (!match.Success)
        {
            throw new TemplateException($"Version comparison failed: invalid version number '{version}'");
        }

        BigInteger Number(int group) => match.Groups[group].Success ? BigInteger.Parse(match.Groups[group].Value) : 0;

        // A pre-release sorts before its release: 'a' and 'b' are less than '~'.
        return [Number(1), Number(2), Number(4), match.Groups[5].Success ? match.Groups[6].Value : "~", Number(7)];
    }

    private static int CompareSemantic(string a, string b)
    {
        var (x, y) = (Semantic(a), Semantic(b));
        for (var i = 1; i <= 3; i++)
        {
            var order = BigInteger.Parse(x.Groups[i].Value).CompareTo(BigInteger.Parse(y.Groups[i].Value));
            if (order != 0)
            {
                return order;
            }
        }

        var (before, after) = (x.Groups[4].Value, y.Groups[4].Value);
        return before.Length == 0 || after.Length == 0 ? before.Length == after.Length ? 0 : before.Length == 0 ? 1 : -1 : ComparePreReleases(before.Split('.'), after.Split('.'));
    }

    private static int ComparePreReleases(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = (Part(a[i]), Part(b[i])) switch
            {
                (BigInteger x, BigInteger y) => x.CompareTo(y),
                (BigInteger, _) => -1,
                (_, BigInteger) => 1,
                var (x, y) => Operators.CompareTexts((string)x, (string)y),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static Match Semantic(string version) => SemanticVersion().Match(version) is { Success: true } match
        ? match
        : throw new TemplateException($"Version comparison failed: invalid semantic version '{version}'");

    [GeneratedRegex(@"([0-9]+|[a-z]+|\.)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LooseParts();

    [GeneratedRegex(@"^(\d{1,99})\.(\d{1,99})(\.(\d{1,99}))?(([ab])(\d{1,99}))?\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StrictVersion();

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,98})\.(0|[1-9][0-9]{0,98})\.(0|[1-9][0-9]{0,98})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SemanticVersion();
}
