using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Gateway.Core.Reports;

namespace Gateway.Core.Processes;

/// <summary>Runs a program to its end: no shell, bounded output, bounded time, nobody left behind.</summary>
public static class ProcessRunner
{
    private const int NoSuchFile = 2;

    /// <summary>How long an output may stay open after the program ended: a daemon it started may hold it for ever.</summary>
    private static readonly TimeSpan AfterExit = TimeSpan.FromSeconds(1);

    /// <summary>How long a killed program may take to be gone: one that waits for a dead disk never goes.</summary>
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(10);

    private const int KilledExitCode = 128 + 9;

    /// <summary>
    /// Runs <paramref name="request"/>. What goes wrong with the program is in the outcome; cancelling kills the
    /// program with everything it started and throws.
    /// </summary>
    public static async Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var start = Describe(request);
        if (ProgramPath.Find(request.Program, start.Environment.TryGetValue("PATH", out var path) ? path : null) is not { } program)
        {
            return NotRun(ProcessOutcome.NotFound, $"{request.Program}: no such program");
        }

        start.FileName = program;
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return e.NativeErrorCode == NoSuchFile && !File.Exists(program)
                ? NotRun(ProcessOutcome.NotFound, $"{program}: no such program")
                : NotRun(ProcessOutcome.NotStarted, $"{program}: could not be started: {SystemErrors.Text(e)}");
        }

        return await SeeThroughAsync(process, request, cancellation);
    }

    private static ProcessStartInfo Describe(ProcessRequest request)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = request.WorkingDirectory ?? "",
        };
        foreach (var argument in request.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (request.ClearEnvironment)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in request.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private static ProcessOutcome NotRun(int code, string why) => new(code, TimedOut: false, Truncated: false, "", why);

    private static async Task<ProcessOutcome> SeeThroughAsync(Process process, ProcessRequest request, CancellationToken cancellation)
    {
        using var reading = new CancellationTokenSource();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(request.Timeout);
        var output = new BoundedOutput(process.StandardOutput.BaseStream, request.OutputLimit);
        var error = new BoundedOutput(process.StandardError.BaseStream, request.OutputLimit);
        var feeding = FeedAsync(process, request.StandardInput, reading.Token);
        var drains = Task.WhenAll(output.DrainAsync(reading.Token), error.DrainAsync(reading.Token));

        var timedOut = !await EndsAsync(process, time.Token);
        var drained = await Task.WhenAny(drains, Task.Delay(AfterExit, CancellationToken.None)) == drains;
        await reading.CancelAsync();
        var complete = await drains;
        await feeding;
        cancellation.ThrowIfCancellationRequested();

        var truncated = !drained || complete.Contains(false) || output.Truncated || error.Truncated;
        return new ProcessOutcome(process.HasExited ? process.ExitCode : KilledExitCode, timedOut, truncated, output.Text, error.Text);
    }

    /// <summary>Waits for the end; when the time is over, brings it about and tells so with false.</summary>
    private static async Task<bool> EndsAsync(Process process, CancellationToken time)
    {
        try
        {
            await process.WaitForExitAsync(time);
            return true;
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None), Task.Delay(AfterKill, CancellationToken.None));
            return false;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (AggregateException e)
        {
            // Descendants of another user, for instance; the program itself is gone all the same.
            Trace.TraceWarning("some descendants of process {0} could not be killed: {1}", process.Id.ToString(CultureInfo.InvariantCulture), SystemErrors.Text(e));
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await using var stream = process.StandardInput.BaseStream;
            if (!input.IsEmpty)
            {
                await stream.WriteAsync(input, cancellation);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The child ended or closed its input without reading it all, which is its right.
            Trace.TraceInformation("process {0} did not read all of its input", process.Id.ToString(CultureInfo.InvariantCulture));
        }
    }
}
