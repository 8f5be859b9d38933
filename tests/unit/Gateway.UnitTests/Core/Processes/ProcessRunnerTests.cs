using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Core.Processes;

namespace Gateway.UnitTests.Core.Processes;

public class ProcessRunnerTests
{
    private static Task<ProcessOutcome> ShellAsync(string script, Func<ProcessRequest, ProcessRequest>? change = null, CancellationToken cancellation = default)
    {
        var request = new ProcessRequest("/bin/sh", ["-c", script]);
        return ProcessRunner.RunAsync(change is null ? request : change(request), cancellation);
    }

    [Fact]
    public async Task Outputs_and_exit_status_are_kept_apart()
    {
        var outcome = await ShellAsync("echo out; echo err >&2; exit 3");

        Assert.Equal(new ProcessOutcome(3, TimedOut: false, Truncated: false, "out\n", "err\n"), outcome);
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest("printf", ["%s|", "a b", "$HOME", "`id`", "\"'", "", "*"]), CancellationToken.None);

        Assert.Equal("a b|$HOME|`id`|\"'||*|", outcome.StandardOutput);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_127()
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest("no-such-program-here", []), CancellationToken.None);

        Assert.Equal(ProcessOutcome.NotFound, outcome.ExitCode);
        Assert.Contains("no-such-program-here", outcome.StandardError, StringComparison.Ordinal);
        Assert.Equal(ProcessOutcome.NotFound, (await ProcessRunner.RunAsync(new ProcessRequest("/nonexistent/x", []), CancellationToken.None)).ExitCode);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_126() =>
        Assert.Equal(ProcessOutcome.NotStarted, (await ProcessRunner.RunAsync(new ProcessRequest("/etc/passwd", []), CancellationToken.None)).ExitCode);

    [Fact]
    public async Task A_namesake_in_the_working_folder_is_not_run()
    {
        var folder = Directory.CreateTempSubdirectory();
        var fake = Path.Combine(folder.FullName, "uname");
        await File.WriteAllTextAsync(fake, "#!/bin/sh\necho hijacked\n");
        File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest("uname", [])
            {
                WorkingDirectory = folder.FullName,
                Environment = new Dictionary<string, string?> { ["PATH"] = $":.:{ProgramPath.Default}" },
            },
            CancellationToken.None);

        folder.Delete(recursive: true);
        Assert.Equal("Linux\n", outcome.StandardOutput);
    }

    [Fact]
    public async Task The_environment_is_laid_over_or_cleared()
    {
        var variables = new Dictionary<string, string?> { ["ADDED"] = "1", ["HOME"] = null };

        var over = await ShellAsync("env", request => request with { Environment = variables });
        var only = await ProcessRunner.RunAsync(new ProcessRequest("/usr/bin/env", []) { Environment = variables, ClearEnvironment = true }, CancellationToken.None);

        Assert.Contains("ADDED=1\n", over.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("PATH=", over.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", over.StandardOutput, StringComparison.Ordinal);
        Assert.Equal("ADDED=1\n", only.StandardOutput);
    }

    [Fact]
    public async Task Standard_input_is_given_and_ends()
    {
        var text = new string('x', 300_000);

        var outcome = await ProcessRunner.RunAsync(new ProcessRequest("wc", ["-c"]) { StandardInput = Encoding.ASCII.GetBytes(text) }, CancellationToken.None);

        Assert.Equal("300000\n", outcome.StandardOutput);
        Assert.Equal("", (await ProcessRunner.RunAsync(new ProcessRequest("cat", []), CancellationToken.None)).StandardOutput);
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_still_ends_well()
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest("true", []) { StandardInput = new byte[1024 * 1024] }, CancellationToken.None);

        Assert.Equal(0, outcome.ExitCode);
    }

    [Fact]
    public async Task A_talkative_program_is_cut_and_not_blocked()
    {
        var outcome = await ShellAsync("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2; echo end >&2; exit 7", request => request with { OutputLimit = 1000 });

        Assert.Equal(7, outcome.ExitCode);
        Assert.True(outcome.Truncated);
        Assert.Equal(1000, outcome.StandardOutput.Length);
        Assert.Equal(1000, outcome.StandardError.Length);
    }

    [Fact]
    public async Task A_time_out_kills_the_program_and_what_it_started()
    {
        var watch = Stopwatch.StartNew();

        var outcome = await ShellAsync("sleep 300 & echo $!; wait", request => request with { Timeout = TimeSpan.FromMilliseconds(500) });

        Assert.True(outcome.TimedOut);
        Assert.False(outcome.IsSuccess);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(20));
        await AssertGoneAsync(outcome.StandardOutput);
    }

    [Fact]
    public async Task Cancelling_kills_the_program_and_throws()
    {
        using var source = new CancellationTokenSource();
        var file = Path.GetTempFileName();
        var run = ShellAsync($"echo $$ > {file}; sleep 300", cancellation: source.Token);
        while (new FileInfo(file).Length == 0)
        {
            await Task.Delay(20);
        }

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertGoneAsync(await File.ReadAllTextAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_daemon_that_holds_the_output_open_is_not_waited_for()
    {
        var watch = Stopwatch.StartNew();

        var outcome = await ShellAsync("sleep 30 & echo $!");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(0, outcome.ExitCode);
        Process.GetProcessById(int.Parse(outcome.StandardOutput, CultureInfo.InvariantCulture)).Kill();
    }

    [Fact]
    public async Task Death_by_a_signal_is_128_and_its_number() =>
        Assert.Equal(128 + 9, (await ShellAsync("kill -9 $$")).ExitCode);

    private static async Task AssertGoneAsync(string pid)
    {
        var status = $"/proc/{pid.Trim()}/stat";
        for (var i = 0; i < 100 && File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(!File.Exists(status) || File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal), $"process {pid} lives on");
    }
}
