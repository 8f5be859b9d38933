using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>The option <c>validate</c>: a command with <c>%s</c> for the file it is to accept.</summary>
internal static class ValidateCommand
{
    /// <summary>Its words, or what is wrong with it.</summary>
    public static (ImmutableArray<string> Words, string? Problem) Read(OptionValues options)
    {
        if (options.Text("validate") is not { } command)
        {
            return ([], null);
        }

        return !command.Contains("%s", StringComparison.Ordinal) ? ([], $"validate must contain %s: {command}")
            : !ShellWords.TrySplit(command, out var words, out var problem) ? ([], $"validate: {problem}")
            : (words, null);
    }
}
