using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a command that ran leaves, as Ansible's command module reports it.</summary>
internal static class CommandReport
{
    private const long PermissionDenied = 13;

    public static DictValue Of(CommandArguments arguments, ChangeOutcome outcome)
    {
        if (outcome.NotFound)
        {
            return ProcessModule.WithLines(Results.Of(
                ("changed", false),
                ("cmd", arguments.Command is ListValue words ? ShellWords.Join(words.Items.Select(word => word.ToString())) : arguments.Command),
                ("failed", true),
                ("msg", outcome.Errno == PermissionDenied ? $"[Errno 13] Permission denied: b'{arguments.Words[0]}'" : $"[Errno 2] No such file or directory: b'{arguments.Words[0]}'"),
                ("rc", outcome.Errno == PermissionDenied ? PermissionDenied : 2L),
                ("stderr", ""),
                ("stdout", "")));
        }

        var status = outcome.ExitCode ?? 257;
        var result = Results.Of(
            ("changed", true),
            ("cmd", arguments.Command),
            ("delta", Duration(outcome)),
            ("end", Time(outcome.Ended)),
            ("msg", outcome.Error is { } error ? error : status == 0 ? "" : "non-zero return code"),
            ("rc", (long)status),
            ("start", Time(outcome.Started)),
            ("stderr", Trim(outcome.StandardError, arguments.Strip)),
            ("stdout", Trim(outcome.StandardOutput, arguments.Strip)));
        return ProcessModule.WithLines(status == 0 && outcome.Error is null ? result : result.With("failed", true));
    }

    private static string Trim(string text, bool strip) => strip ? text.TrimEnd('\r', '\n') : text;

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "";

    private static string Duration(ChangeOutcome outcome) =>
        outcome is { Started: { } started, Ended: { } ended } ? (ended - started).ToString(@"h\:mm\:ss\.ffffff", CultureInfo.InvariantCulture) : "";
}
