using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>A path that a task writes to, or a program that it runs, as its text says.</summary>
/// <param name="Subject">The path or program.</param>
/// <param name="IsProgram">Which of both it is.</param>
/// <param name="At">Where the option stands.</param>
public sealed record TaskClaim(string Subject, bool IsProgram, Position At);

/// <summary>What tasks say plainly about paths and programs, for the gateway's own policy.</summary>
public static class TaskClaims
{
    /// <summary>What can be known before anything runs: options without templates.</summary>
    public static IEnumerable<TaskClaim> Of(TaskItem task)
    {
        if (ModuleTable.Find(task.Module) is not { } module)
        {
            yield break;
        }

        foreach (var argument in task.Arguments)
        {
            if (argument.Value is not TextValue { IsTemplate: false } text || module.Schema.Find(argument.Name) is not { } option)
            {
                continue;
            }

            if (option.IsWritten && text.Value.StartsWith('/'))
            {
                yield return new TaskClaim(text.Value, IsProgram: false, argument.At);
            }

            if (option.IsProgram && ProgramIn(module, text.Value) is { } program)
            {
                yield return new TaskClaim(program, IsProgram: true, argument.At);
            }
        }

        if (module is ShellModule && !task.Arguments.Any(argument => argument.Name == "executable"))
        {
            yield return new TaskClaim("/bin/sh", IsProgram: true, task.At);
        }
    }

    /// <summary>Paths that options name for writing.</summary>
    public static IEnumerable<string> Paths(TaskModule module, OptionValues options, ModuleContext context, IHostReader reader) => module.Schema.Options
        .Where(option => option.IsWritten && options.Has(option.Name))
        .Select(option => Expansion.Of(options.TextOf(option.Name), reader, context));

    /// <summary>An option that is given and hands arguments to a program which could run others; null for none.</summary>
    public static string? RunsHiddenly(TaskModule module, OptionValues options) =>
        module.Name == "unarchive" && !options.Texts("extra_opts").IsEmpty ? "extra_opts" : null;

    private static string? ProgramIn(TaskModule module, string text) =>
        module is ShellModule ? text
        : ShellWords.TrySplit(text, out var words, out _) && !words.IsEmpty && !words[0].Contains('$', StringComparison.Ordinal) && !words[0].StartsWith('~') ? words[0] : null;
}
