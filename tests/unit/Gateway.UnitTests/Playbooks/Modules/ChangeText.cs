using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Playbooks.Modules;

namespace Gateway.UnitTests.Playbooks.Modules;

/// <summary>A change as one line, for fixtures.</summary>
internal static class ChangeText
{
    public static string Of(Change change) => change switch
    {
        RunProcess run => $"run {Words([run.Program, .. run.Arguments])}{(run.WorkingDirectory is { } at ? $" in {at}" : "")}{(run.StandardInput.IsEmpty ? "" : $" < {Text(run.StandardInput)}")}"
            + string.Concat(run.Environment.Select(pair => $" {pair.Key}={pair.Value}")),
        RunApt apt => $"apt-get {Words(apt.Arguments)}{(apt.Attempts > 1 ? $" (up to {apt.Attempts} times)" : "")}",
        WriteFile write => $"write {write.Path} {Mode(write.Mode)} {write.Uid}:{write.Gid} {Text(write.Content)}{Extras(write.Backup, write.Validate)}",
        CopyFile copy => $"copy {copy.Source} to {copy.Path} {Mode(copy.Mode)} {copy.Uid}:{copy.Gid}{Extras(copy.Backup, copy.Validate)}",
        RunScript script => $"script {Text(script.Content)}{(script.Arguments.IsEmpty ? "" : " " + Words(script.Arguments))}{(script.Interpreter.IsEmpty ? "" : $" by {Words(script.Interpreter)}")}{(script.WorkingDirectory is { } at ? $" in {at}" : "")}",
        Download download => $"download {download.Request.Url} to {download.Path}{(download.Request.Known is null ? "" : " if newer")}{(download.Sum is null ? "" : $" with {download.Algorithm} {download.Sum}")}",
        SendRequest send => $"{send.Request.Method} {send.Request.Url}{(send.Request.Body is { } body ? $" < {Text(body)}" : "")}{(send.Path is null ? "" : $" > {send.Path}")}",
        SetAttributes set => $"attributes {set.Wanted.Uid}:{set.Wanted.Gid} of {string.Join(' ', set.Paths)}",
        CopyFolder copy => $"home {copy.Path} from {copy.Source} {copy.Uid}:{copy.Gid}",
        WaitFor wait => $"wait {wait.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s{((wait.Path ?? (wait.Port is { } port ? $"{wait.Host}:{port}" : null)) is { } what ? $" for {(wait.IsThere ? "" : "no ")}{what}" : "")}{(wait.Pattern is { } pattern ? $" with {pattern}" : "")}",
        CreateFile file => $"create {file.Path}",
        CreateTemporary temporary => $"temporary {(temporary.IsDirectory ? "folder" : "file")} {(temporary.Folder is { } folder ? folder + "/" : "")}{temporary.Prefix}*{temporary.Suffix}",
        CreateDirectory folder => $"mkdir {folder.Path}",
        CreateLink link => $"link {link.Path} -> {link.Target}",
        CreateHardLink link => $"hard link {link.Path} = {link.Target}",
        RemovePath path => $"remove {path.Path}",
        SetMode mode => $"chmod {Mode(mode.Mode)} {mode.Path}",
        SetOwner owner => $"chown {owner.Uid}:{owner.Gid} {owner.Path}",
        SetTimes times => $"times {times.Path} {Time(times.Accessed)} {Time(times.Modified)}",
        UnitAction unit => $"systemctl {(unit.NoBlock ? "--no-block " : "")}{unit.Verb} {unit.Unit}".TrimEnd(),
        PullImage pull => $"pull {pull.Reference}",
        LoadImage load => $"load {load.Reference} from {load.Path}",
        RemoveImage remove => $"remove image {remove.Reference}{(remove.Force ? " by force" : "")}",
        UpdateSupervisor update => $"supervisor {update.Image} within {update.HealthTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
        UpgradeSelf upgrade => $"host controller {upgrade.Version}",
        Reboot reboot => $"reboot after {reboot.Delay.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
        _ => change.ToString(),
    };

    private static string Words(ImmutableArray<string> words) => string.Join(' ', words.Select(word => word.Contains(' ', StringComparison.Ordinal) || word.Length == 0 ? $"'{word}'" : word));

    private static string Text(ReadOnlyMemory<byte> content) => Encoding.UTF8.GetString(content.Span).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Mode(int? mode) => mode is null ? "-" : "0" + Convert.ToString(mode.Value, 8).PadLeft(3, '0');

    private static string Time(DateTimeOffset? time) => time?.ToString("s", CultureInfo.InvariantCulture) ?? "-";

    private static string Extras(bool backup, ImmutableArray<string> validate) => (backup ? " with backup" : "") + (validate.IsEmpty ? "" : $" if {Words(validate)}");
}
