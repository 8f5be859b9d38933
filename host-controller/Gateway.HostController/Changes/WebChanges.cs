using Gateway.Core.State;
using Gateway.HostController.Modules;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Requests of tasks, and the files they leave: written beside their place, checked, then renamed.</summary>
internal sealed class WebChanges(HostPaths paths, TimeProvider clock)
{
    private const int LargestBody = 16 * 1024 * 1024;
    private const int NewFile = 0x1B6;
    private const int NotModified = 304;

    public async Task<ChangeOutcome> DownloadAsync(Download download, CancellationToken cancellation)
    {
        var path = At(download.Path);
        var isFolder = Directory.Exists(path) || download.Path.EndsWith('/');
        var folder = isFolder ? path : Path.GetDirectoryName(path) ?? "/";
        if (!Directory.Exists(folder))
        {
            return new ChangeOutcome($"Destination {paths.Inside(folder)} does not exist");
        }

        var outcome = ChangeOutcome.Done;
        using var client = new WebClient(download.Request, At);
        var answer = await client.SendAsync(async (answer, body, token) =>
        {
            var target = isFolder ? Path.Combine(folder, NameOf(answer, download.Request)) : path;
            outcome = answer.Status is 200 or 0 ? await PlaceAsync(download, body, target, token)
                // Ansible leaves owner and mode of a file that is still current as they are.
                : answer.Status == NotModified ? new ChangeOutcome { IsAltered = false, Note = paths.Inside(target) }
                : new ChangeOutcome("Request failed");
            return answer;
        }, cancellation);
        return answer.Status == -1 ? new ChangeOutcome(answer.Message) { Answer = answer } : outcome with { Answer = answer };
    }

    public async Task<ChangeOutcome> SendAsync(SendRequest send, CancellationToken cancellation)
    {
        var outcome = ChangeOutcome.Done;
        using var client = new WebClient(send.Request, At);
        var answer = await client.SendAsync(async (answer, body, token) =>
        {
            if (send.Path is not { } path || answer.Status == NotModified || !send.Accepted.Contains(answer.Status))
            {
                outcome = outcome with { Note = send.Path };
                return answer with { Body = await BeginningAsync(body, token) };
            }

            // As Ansible has it, a request whose answer is kept is a change, whatever was there before.
            outcome = await PlaceAsync(new Download(send.Request, path) { Attributes = send.Attributes }, body, At(path), token);
            if (outcome.Error is not null)
            {
                return answer;
            }

            outcome = outcome with { IsAltered = true };
            await using var kept = File.OpenRead(At(path));
            return answer with { Body = await BeginningAsync(kept, token) };
        }, cancellation);
        return outcome with { Answer = answer };
    }

    private static async Task<ReadOnlyMemory<byte>> BeginningAsync(Stream body, CancellationToken cancellation)
    {
        var kept = new byte[LargestBody];
        var length = await body.ReadAtLeastAsync(kept, kept.Length, throwOnEndOfStream: false, cancellation);
        return kept.AsMemory(0, length).ToArray();
    }

    private async Task<ChangeOutcome> PlaceAsync(Download download, Stream body, string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            return new ChangeOutcome($"{paths.Inside(path)} is a folder");
        }

        var draft = FileWriter.Beside(path);
        try
        {
            await WriteAsync(body, draft, cancellation);
            var (before, after) = (File.Exists(path) ? Sum(path, "sha1") : null, Sum(draft, "sha1"));
            var outcome = new ChangeOutcome { Note = paths.Inside(path), Sum = after, SumBefore = before };
            if (download.Sum is { } wanted && Sum(draft, download.Algorithm!) is var sum && sum != wanted)
            {
                // Ansible has replaced the file by now, and takes away what it put there: the old one is gone. It stays here; the counts are the same.
                return outcome with { Error = $"The checksum for {paths.Inside(path)} did not match {wanted}; it was {sum}.", IsAltered = before != after };
            }

            if (before == after)
            {
                return outcome with { IsAltered = Adjust(path, download.Attributes) };
            }

            Prepare(draft, path, download.Attributes);
            var backup = download.Backup ? new FileWriter(paths, clock).Backup(path) : null;
            AtomicFile.Place(draft, path);
            return outcome with { IsAltered = true, BackupFile = backup };
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static async Task WriteAsync(Stream body, string draft, CancellationToken cancellation)
    {
        await using var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = AtomicFile.OwnerOnly });
        await body.CopyToAsync(file, cancellation);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives the new file what the task asks for, and else what the old one had.</summary>
    private void Prepare(string draft, string path, WantedAttributes? wanted)
    {
        var reader = new HostReader(new Run.HostAccess("/", ""), clock);
        var old = reader.Stat(path, follow: true) ?? new FileState(FileKind.File, NewFile & ~reader.Umask, 0, 0);
        NativeCalls.ChangeOwner(draft, wanted?.Uid ?? old.Uid, wanted?.Gid ?? old.Gid, follow: false);
        File.SetUnixFileMode(draft, (UnixFileMode)(wanted?.ModeOn(old) ?? old.Mode));
    }

    private bool Adjust(string path, WantedAttributes? wanted)
    {
        if (wanted is null || new HostReader(new Run.HostAccess("/", ""), clock).Stat(path, follow: true) is not { } state)
        {
            return false;
        }

        var owner = (wanted.Uid is { } uid && uid != state.Uid) || (wanted.Gid is { } gid && gid != state.Gid);
        if (owner)
        {
            NativeCalls.ChangeOwner(path, wanted.Uid, wanted.Gid, follow: true);
        }

        if (wanted.ModeOn(state) is not { } mode || mode == state.Mode)
        {
            return owner;
        }

        File.SetUnixFileMode(path, (UnixFileMode)mode);
        return true;
    }

    /// <summary>The name the server gives, else the last part of the address; never a way out of the folder.</summary>
    private static string NameOf(WebAnswer answer, WebRequest request)
    {
        var given = answer.Headers.FirstOrDefault(header => header.Key == "content_disposition").Value;
        var named = given is not null && System.Net.Http.Headers.ContentDispositionHeaderValue.TryParse(given, out var disposition)
            ? (disposition.FileNameStar ?? disposition.FileName)?.Trim('"')
            : null;
        var name = Path.GetFileName(named ?? Uri.UnescapeDataString(new Uri(request.Url).AbsolutePath));
        return name is "" or "." or ".." ? "index.html" : name;
    }

    private static string Sum(string path, string algorithm)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return ContentSum.Of(stream, algorithm);
    }

    private string At(string path) => path.StartsWith('/') ? paths.On(path) : Path.GetFullPath(path);
}
