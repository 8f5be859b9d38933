using System.Text;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads the files a playbook is made of, bounded in number and in how deep they include one another.</summary>
internal sealed class SourceReader(ParseScope scope)
{
    private const int MostFiles = 2000;
    private const int Deepest = 50;

    /// <summary>What a lone playbook is told about files it does not have.</summary>
    public const string Alone = "needs files beside the playbook, which a lone signed playbook does not have: sign a bundle (gatewayctl bundle)";

    /// <summary>Whether there may be files; a failure is noted when not.</summary>
    public bool MayRead(YamlNode at, string what)
    {
        if (scope.Options.Files is not null)
        {
            return true;
        }

        scope.Fail(at, $"'{what}' {Alone}");
        return false;
    }

    /// <summary>Whether one file more may be included from here; a failure is noted when not.</summary>
    public bool MayNest(YamlNode at, Origin origin)
    {
        if (origin.Depth < Deepest)
        {
            return true;
        }

        scope.Fail(at, $"files include one another more than {Deepest} deep: does one include itself?");
        return false;
    }

    /// <summary>The first of the paths that is there, with its content; null after noting what is wrong with it, or when none is there.</summary>
    public (string Path, YamlNode? Root)? First(YamlNode at, IEnumerable<string> paths)
    {
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            if (!scope.Options.Files!.Read(path).TryGet(out var source, out var wrong))
            {
                scope.Failures.AddRange(wrong.Select(failure => failure with { Subject = at.At.ToString(), Message = $"'{path}' {failure.Message}" }));
                return (path, null);
            }

            if (source is not null)
            {
                return (path, Read(at, source));
            }
        }

        return null;
    }

    /// <summary>Variables of a file of YAML or JSON; none for an empty one, or after noting what is wrong.</summary>
    public DictValue Variables(YamlNode? root) => root switch
    {
        null => DictValue.Empty,
        YamlMapping mapping => scope.Variables(mapping),
        YamlScalar { IsPlain: true, Text: "" or "~" or "null" } => DictValue.Empty,
        _ => Refuse(root, $"a file of variables must be a mapping, not {root.Kind}"),
    };

    private DictValue Refuse(YamlNode at, string message)
    {
        scope.Fail(at, message);
        return DictValue.Empty;
    }

    private YamlNode? Read(YamlNode at, SourceText source)
    {
        if (++scope.FilesRead > MostFiles)
        {
            scope.Fail(at, $"more than {MostFiles} files are included");
            return null;
        }

        if (IsEmpty(source))
        {
            return null;
        }

        if (YamlReader.Read(source, tags: Yaml11.Tags).TryGet(out var root, out var wrong))
        {
            return root;
        }

        scope.Failures.AddRange(wrong);
        return null;
    }

    private static bool IsEmpty(SourceText source) => source.Utf8.Length < 4096
        && Encoding.UTF8.GetString(source.Utf8.Span).Split('\n').All(line => line.Trim() is "" or "---" or "..." || line.TrimStart().StartsWith('#'));
}
