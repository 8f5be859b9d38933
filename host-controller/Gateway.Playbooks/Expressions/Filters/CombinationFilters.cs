using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Arrangements of items, shortened texts, names made of texts.</summary>
internal static class CombinationFilters
{
    /// <summary>The name space in which Ansible's to_uuid makes its names.</summary>
    private static readonly Guid NameSpace = new("361e6d51-faec-444a-9079-341386da8e2e");

    public static ImmutableArray<Filter> All { get; } =
    [
        new("permutations", (evaluator, value, arguments) => Choose(evaluator, value, arguments.Bind("permutations", 0, "r")[0], isOrdered: true)),
        new("combinations", (evaluator, value, arguments) => Choose(evaluator, value, arguments.Bind("combinations", 1, "r")[0], isOrdered: false)),
        new("truncate", Truncate),
        new("to_uuid", Uuid),
        new("relpath", (evaluator, value, arguments) => evaluator.Budget.Text(Relative(evaluator.Budget.Str(value), evaluator.Budget.Str(arguments.Bind("relpath", 0, "start")[0] ?? ".")))),
        new("urldecode", (evaluator, value, _) => evaluator.Budget.Text(Uri.UnescapeDataString(evaluator.Budget.Str(value).Replace('+', ' ')))),
        new("escape", Escape),
        new("e", Escape),
        new("forceescape", Escape),
        new("safe", (_, value, _) => value),
    ];

    private static ListValue Choose(Evaluator evaluator, Value value, Value? count, bool isOrdered)
    {
        var items = Items.Of(value, evaluator.Budget);
        var wanted = count is null or NullValue ? items.Length : (int)Math.Clamp(TextMethods.Integer(count, items.Length), 0, int.MaxValue);
        var made = ImmutableArray.CreateBuilder<Value>();
        void Extend(ImmutableArray<int> chosen)
        {
            evaluator.Budget.Step(1 + chosen.Length);
            if (chosen.Length == wanted)
            {
                made.Add(new ListValue([.. chosen.Select(at => items[at])], IsTuple: true));
                return;
            }

            for (var at = isOrdered || chosen.IsEmpty ? 0 : chosen[^1] + 1; at < items.Length; at++)
            {
                if (!chosen.Contains(at))
                {
                    Extend(chosen.Add(at));
                }
            }
        }

        if (wanted <= Math.Min(items.Length, 50))
        {
            Extend([]);
        }

        return new ListValue(made.ToImmutable());
    }

    private static TextValue Truncate(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("truncate", 0, "length", "killwords", "end", "leeway");
        var text = evaluator.Budget.Str(value);
        var length = (int)Math.Clamp(TextMethods.Integer(bound[0], 255), 0, int.MaxValue / 2);
        var end = bound[2] is { } given ? evaluator.Budget.Str(given) : "...";
        var leeway = (int)Math.Clamp(TextMethods.Integer(bound[3], 5), 0, int.MaxValue / 2);
        if (length < end.Length)
        {
            throw new TemplateException($"expected length >= {end.Length}, got {length}");
        }

        if (text.Length <= length + leeway)
        {
            return evaluator.Budget.Text(text);
        }

        var kept = text[..(length - end.Length)];
        var word = kept.LastIndexOf(' ');
        return evaluator.Budget.Text((bound[1]?.IsTrue == true || word < 0 ? kept : kept[..word]) + end);
    }

    private static TextValue Uuid(Evaluator evaluator, Value value, Arguments arguments)
    {
        var given = arguments.Bind("to_uuid", 0, "namespace")[0];
        var space = given is null ? NameSpace : Guid.TryParse(evaluator.Budget.Str(given), out var parsed) ? parsed : throw new TemplateException($"Invalid value '{given}' for 'namespace'");
        byte[] name = [.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(evaluator.Budget.Str(value))];
#pragma warning disable CA5350 // RFC 4122, version 5: a name, nothing is trusted because of it.
        var hash = SHA1.HashData(name)[..16];
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return evaluator.Budget.Text(new Guid(hash, bigEndian: true).ToString());
    }

    private static string Relative(string path, string start)
    {
        static string[] Parts(string text) => [.. Parsing.PlaybookPath.Combine("", text).Split('/', StringSplitOptions.RemoveEmptyEntries)];
        var (to, from) = (Parts(path), Parts(start));
        var common = to.Zip(from).TakeWhile(pair => pair.First == pair.Second).Count();
        var parts = Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)).ToList();
        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    private static TextValue Escape(Evaluator evaluator, Value value, Arguments arguments) => evaluator.Budget.Text(evaluator.Budget.Str(value)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal));
}
