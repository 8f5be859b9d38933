using Gateway.Core.Processes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>
/// A booted Debian with systemd as its first process, without a network: <c>tests/integration/systemd-machine.sh</c>.
/// Its files may be read and written under <see cref="Root"/>.
/// </summary>
public sealed class SystemdMachine : IAsyncDisposable
{
    // The first one of a suite is made by mmdebstrap.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly string folder;

    private SystemdMachine(string folder) => this.folder = folder;

    /// <summary>The machine's file system as this process sees it; what is mounted inside (/run, /tmp, /proc) is not in it.</summary>
    public string Root => Path.Combine(folder, "root");

    public static async Task<SystemdMachine> StartAsync()
    {
        await StopLeftoversAsync();
        var machine = new SystemdMachine(Directory.CreateTempSubdirectory($"gateway-machine-{Environment.ProcessId}-").FullName);
        try
        {
            await machine.ScriptAsync("start");
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts its power and boots it again; files stay.</summary>
    public Task RebootAsync() => ScriptAsync("reboot");

    /// <summary>Boots it when it is off, so that a test which left it so is the only one that fails.</summary>
    public async Task EnsureOnAsync()
    {
        if (!(await TryAsync("true")).IsSuccess)
        {
            await RebootAsync();
        }
    }

    /// <summary>Runs a program in it to its end.</summary>
    public Task<ProcessOutcome> TryAsync(string program, params string[] arguments) => ScriptOutcomeAsync("exec", ["--", program, .. arguments]);

    /// <summary>Runs a program in it, which must exit with 0; its output.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var outcome = await TryAsync(program, arguments);
        Assert.True(outcome.IsSuccess, $"{program} {string.Join(' ', arguments)}: {outcome.ExitCode}\n{outcome.StandardOutput}{outcome.StandardError}");
        return outcome.StandardOutput;
    }

    /// <summary>Writes a file of the machine.</summary>
    public void Write(string path, string content)
    {
        var file = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>What is older in the journal is left out: it is of another test.</summary>
    public DateTimeOffset JournalFrom { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>A unit's lines in the journal.</summary>
    public Task<string> JournalAsync(string unit) =>
        RunAsync("journalctl", "--no-pager", "--output=cat", "--unit", unit, $"--since=@{JournalFrom.ToUnixTimeMilliseconds() / 1000m}");

    /// <summary>Waits until the journal of a unit satisfies; fails with the journal when it does not in time.</summary>
    public async Task<string> JournalAsync(string unit, Predicate<string> satisfies, TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            var journal = await JournalAsync(unit);
            if (satisfies(journal))
            {
                return journal;
            }

            Assert.True(DateTime.UtcNow < until, $"the journal of {unit} after {patience.TotalSeconds} s:\n{journal}");
            await Task.Delay(500);
        }
    }

    public async ValueTask DisposeAsync() => await ScriptAsync("stop");

    /// <summary>A test run that was killed could not end its machine; its process id is in the folder's name.</summary>
    private static async Task StopLeftoversAsync()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), "gateway-machine-*-*"))
        {
            if (int.TryParse(Path.GetFileName(left).Split('-')[2], out var owner) && !Directory.Exists($"/proc/{owner}"))
            {
                await new SystemdMachine(left).DisposeAsync();
            }
        }
    }

    private async Task ScriptAsync(string verb)
    {
        var outcome = await ScriptOutcomeAsync(verb, []);
        Assert.True(outcome.IsSuccess, $"systemd-machine.sh {verb}: {outcome.StandardOutput}{outcome.StandardError}");
    }

    private Task<ProcessOutcome> ScriptOutcomeAsync(string verb, string[] more) => ProcessRunner.RunAsync(
        new ProcessRequest(Repository.At("tests/integration/systemd-machine.sh"), [verb, folder, .. more]) { Timeout = Patience },
        CancellationToken.None);
}
