using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary>Lookups that read files that came with the playbook, the environment, and where that is allowed commands and addresses.</summary>
internal static class FileLookups
{
    private static readonly string[] Kinds = ["files", "templates", "vars"];

    public static ImmutableArray<Lookup> All { get; } =
    [
        new("file", File),
        new("template", Template),
        new("fileglob", Glob),
        new("first_found", FirstFound) { TakesUndefined = true },
        new("env", call => call.Terms.Select(term => (Value)(call.Evaluator.Resolver.Machine.Environment(call.Text(term)) ?? call.Option("default") ?? new TextValue("")))),
        new("pipe", call => call.Terms.Select(term => Text(call, call.Evaluator.Resolver.Machine.Pipe(call.Text(term)), strip: false))),
        new("url", Url),
    ];

    private static IEnumerable<Value> File(LookupCall call) => call.Terms.Select(term =>
    {
        var text = Read(call, call.Text(term), "files");
        text = call.Option("lstrip")?.IsTrue == true ? text.TrimStart() : text;
        return (Value)call.Evaluator.Budget.Text(call.Option("rstrip")?.IsTrue == false ? text : text.TrimEnd());
    });

    private static IEnumerable<Value> Template(LookupCall call)
    {
        var options = TemplateOptions.File with
        {
            AlwaysText = call.Option("convert_data")?.IsTrue == false,
            VariableStart = call.Option("variable_start_string")?.ToString() ?? "{{",
            VariableEnd = call.Option("variable_end_string")?.ToString() ?? "}}",
        };
        var resolver = call.Option("template_vars") is DictValue more ? call.Evaluator.Resolver.With(more) : call.Evaluator.Resolver;
        return call.Terms.Select(term => Renderer.Render(Read(call, call.Text(term), "templates"), options, resolver, call.Evaluator.Budget));
    }

    private static IEnumerable<Value> Glob(LookupCall call)
    {
        var machine = call.Evaluator.Resolver.Machine;
        foreach (var term in call.Terms.Select(call.Text))
        {
            var at = term.LastIndexOf('/') + 1;
            var folder = machine.FindPlaybookPath(at == 0 ? "." : term[..Math.Max(1, at - 1)], "files");
            if (folder is null)
            {
                continue;
            }

            foreach (var name in machine.Machine.List(folder).Where(name => Wildcards.Matches(term[at..], name)))
            {
                var path = $"{folder.TrimEnd('/')}/{name}";
                if (machine.Machine.Stat(path, follow: true)?.Kind == FileKind.File)
                {
                    yield return call.Evaluator.Budget.Text(path);
                }
            }
        }
    }

    /// <summary>The first file that is there, of names, or of mappings with <c>files</c> and <c>paths</c>.</summary>
    private static IEnumerable<Value> FirstFound(LookupCall call)
    {
        var skips = call.Option("skip")?.IsTrue == true;
        var names = call.Terms.SelectMany(term => Names(call, term, ref skips)).ToList();
        if (call.Option("files") is { } files)
        {
            names.InsertRange(0, Under(call, files, call.Option("paths")));
        }

        foreach (var name in names)
        {
            foreach (var kind in Kinds)
            {
                if (call.Evaluator.Resolver.Machine.FindPlaybookPath(name, kind) is { } path)
                {
                    return [call.Evaluator.Budget.Text(path)];
                }
            }
        }

        return skips ? [] : throw new TemplateException("No file was found when using first_found.");
    }

    private static IEnumerable<string> Names(LookupCall call, Value term, ref bool skips)
    {
        switch (term)
        {
            case UndefinedValue:
                return [];
            case TextValue text:
                return [text.Value];
            case ListValue list:
                var names = new List<string>();
                foreach (var item in list.Items)
                {
                    names.AddRange(Names(call, item, ref skips));
                }

                return names;
            case DictValue dict:
                skips |= dict.TryGet("skip", out var skip) && skip.IsTrue;
                return Under(call, dict.TryGet("files", out var files) ? files : ListValue.Empty, dict.TryGet("paths", out var paths) ? paths : null);
            default:
                throw new TemplateException($"Invalid term supplied, can handle string, mapping or list of strings but got: {term.TypeName} for {term}");
        }
    }

    private static IEnumerable<string> Under(LookupCall call, Value files, Value? paths)
    {
        var names = Split(call, files);
        return paths is null || Split(call, paths) is not { Count: > 0 } folders ? names : folders.SelectMany(folder => names.Select(name => $"{folder.TrimEnd('/')}/{name}"));
    }

    private static List<string> Split(LookupCall call, Value value) => value is ListValue list
        ? [.. list.Items.SelectMany(item => Split(call, item))]
        : [.. call.Text(value).Split(',', ';').Select(part => part.Trim()).Where(part => part.Length > 0)];

    private static IEnumerable<Value> Url(LookupCall call) => call.Terms.SelectMany(term =>
    {
        var text = Text(call, call.Evaluator.Resolver.Machine.Url(call.Text(term)), strip: false).Value;
        return call.Option("split_lines")?.IsTrue == false ? [call.Evaluator.Budget.Text(text)] : PythonLines.Split(text).Select(line => (Value)call.Evaluator.Budget.Text(line));
    });

    private static TextValue Text(LookupCall call, Gateway.Core.Reports.Result<string> read, bool strip) => read.TryGet(out var text, out var wrong)
        ? call.Evaluator.Budget.Text(strip ? text.TrimEnd() : text)
        : throw new TemplateException(wrong[0].ToString());

    /// <summary>The text of a file that came with the playbook.</summary>
    public static string Read(LookupCall call, string name, string folder) => Read(call.Evaluator, name, folder);

    /// <summary>The same for templates that include one another.</summary>
    public static string Read(Evaluator evaluator, string name, string folder)
    {
        var read = evaluator.Resolver.Machine.PlaybookFile(name, SourceText.LargestDocument, folder);
        if (!read.TryGet(out var file, out var wrong))
        {
            throw new TemplateException(wrong[0].Message.StartsWith("Could not find", StringComparison.Ordinal) ? $"could not locate file in lookup: {name}" : wrong[0].ToString());
        }

        evaluator.Budget.Characters(file.Content.Length);
        return Encoding.UTF8.GetString(file.Content.Span);
    }
}
