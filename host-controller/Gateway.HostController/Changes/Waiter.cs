using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Waits for tasks: for a port, a path, a text, or a time.</summary>
internal sealed class Waiter(HostPaths paths, TimeProvider clock)
{
    private const int LargestText = 16 * 1024 * 1024;

    public async Task<ChangeOutcome> WaitAsync(WaitFor wait, CancellationToken cancellation)
    {
        var started = clock.GetLocalNow();
        ChangeOutcome Done(string? error, ImmutableArray<string> groups) => new(error) { Started = started, Ended = clock.GetLocalNow(), Groups = groups };
        if (wait.Port is null && wait.Path is null)
        {
            await Task.Delay(wait.Timeout, clock, cancellation);
            return Done(null, []);
        }

        await Task.Delay(wait.Delay, clock, cancellation);
        while (true)
        {
            var found = wait.Path is not null ? Look(wait) : await AskAsync(wait, cancellation);
            if (wait.IsThere == found is not null)
            {
                return Done(null, found ?? []);
            }

            if (clock.GetLocalNow() - started >= wait.Timeout)
            {
                return Done("timeout", []);
            }

            await Task.Delay(wait.Pause, clock, cancellation);
        }
    }

    /// <summary>The groups of the pattern when what is waited for is there; null when not.</summary>
    private ImmutableArray<string>? Look(WaitFor wait)
    {
        var path = paths.On(Path.GetFullPath(wait.Path!));
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            return null;
        }

        if (wait.Pattern is not { } pattern)
        {
            return [];
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[Math.Min(Math.Max(file.Length, 64 * 1024), LargestText)];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return ModuleRegex.Groups(pattern, Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task<ImmutableArray<string>?> AskAsync(WaitFor wait, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(wait.ConnectTimeout > TimeSpan.Zero ? wait.ConnectTimeout : TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(wait.Host, wait.Port!.Value, time.Token);
            if (wait.Pattern is not { } pattern)
            {
                return [];
            }

            var text = new StringBuilder();
            var buffer = new byte[4096];
            while (await client.GetStream().ReadAsync(buffer, time.Token) is var count and > 0 && text.Length < LargestText)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                if (ModuleRegex.Groups(pattern, text.ToString()) is { } groups)
                {
                    return groups;
                }
            }

            return null;
        }
        catch (Exception e) when ((e is SocketException or IOException or OperationCanceledException) && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
