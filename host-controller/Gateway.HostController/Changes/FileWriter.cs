using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Processes;
using Gateway.Core.State;
using Gateway.HostController.Modules;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Writes whole files: validated first, the old one kept if asked for, replaced in one step.</summary>
internal sealed class FileWriter(HostPaths paths, TimeProvider clock)
{
    private const UnixFileMode Usual = AtomicFile.WorldReadable;

    public async Task<ChangeOutcome> WriteAsync(WriteFile write, CancellationToken cancellation)
    {
        var path = At(write.Path);
        var (mode, owner) = ((UnixFileMode?)write.Mode ?? Usual, new FileOwner((uint)(write.Uid ?? 0), (uint)(write.Gid ?? 0)));
        if (!write.Validate.IsEmpty)
        {
            var draft = Beside(path);
            try
            {
                var drafted = AtomicFile.Write(draft, write.Content.Span, mode, owner);
                if (!drafted.IsSuccess)
                {
                    return new ChangeOutcome(drafted.Failure.Message);
                }

                if (await RefusedAsync(write.Validate, draft, cancellation) is { } refused)
                {
                    return refused;
                }
            }
            finally
            {
                File.Delete(draft);
            }
        }

        var backup = write.Backup ? Backup(path) : null;
        var written = AtomicFile.Write(path, write.Content.Span, mode, owner);
        return written.IsSuccess ? new ChangeOutcome { BackupFile = backup } : new ChangeOutcome(written.Failure.Message);
    }

    public async Task<ChangeOutcome> CopyAsync(CopyFile copy, CancellationToken cancellation)
    {
        var path = At(copy.Path);
        var draft = Beside(path);
        try
        {
            await using (var source = new FileStream(copy.IsSourceBeside ? copy.Source : At(copy.Source), FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            await using (var target = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = AtomicFile.OwnerOnly }))
            {
                await source.CopyToAsync(target, cancellation);
                target.Flush(flushToDisk: true);
            }

            NativeCalls.ChangeOwner(draft, copy.Uid, copy.Gid, follow: false);
            File.SetUnixFileMode(draft, (UnixFileMode?)copy.Mode ?? Usual);
            if (!copy.Validate.IsEmpty && await RefusedAsync(copy.Validate, draft, cancellation) is { } refused)
            {
                return refused;
            }

            var backup = copy.Backup ? Backup(path) : null;
            AtomicFile.Place(draft, path);
            return new ChangeOutcome { BackupFile = backup };
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static async Task<ChangeOutcome?> RefusedAsync(ImmutableArray<string> command, string draft, CancellationToken cancellation)
    {
        var words = command.Select(word => word.Replace("%s", draft, StringComparison.Ordinal)).ToImmutableArray();
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(words[0], words[1..]), cancellation);
        return outcome.IsSuccess
            ? null
            : new ChangeOutcome("failed to validate") { ExitCode = outcome.ExitCode, StandardOutput = outcome.StandardOutput, StandardError = outcome.StandardError };
    }

    /// <summary>Ansible's name for a backup: process id, time, tilde.</summary>
    internal string? Backup(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var name = $"{path}.{Environment.ProcessId}.{clock.GetLocalNow().ToString("yyyy-MM-dd@HH:mm:ss", CultureInfo.InvariantCulture)}~";
        var draft = Beside(path);
        try
        {
            // Owner only until it is whole: what is kept may be secret.
            using (var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var target = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = AtomicFile.OwnerOnly }))
            {
                source.CopyTo(target);
                target.Flush(flushToDisk: true);
            }

            if (NativeCalls.Stat(path, follow: true) is { } stat)
            {
                NativeCalls.ChangeOwner(draft, (int)stat.Uid, (int)stat.Gid, follow: false);
                File.SetUnixFileMode(draft, (UnixFileMode)(stat.Mode & 0xFFF));
            }

            AtomicFile.Place(draft, name);
            return paths.Inside(name);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    internal static string Beside(string path) => Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetRandomFileName()}.tmp");

    private string At(string path) => path.StartsWith('/') ? paths.On(path) : Path.GetFullPath(path);
}
