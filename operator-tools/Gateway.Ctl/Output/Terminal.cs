using Gateway.Core.Reports;

namespace Gateway.Ctl.Output;

/// <summary>Where a command writes: results on one stream, what went wrong on the other, one line each.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Failures, warnings, progress.</param>
/// <param name="Styled">Whether results go to a terminal and may be emphasised.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Styled)
{
    /// <summary>The process's own streams; no emphasis when redirected or when NO_COLOR is set (no-color.org).</summary>
    public static Terminal Own() => new(
        Console.Out, Console.Error, !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Writes each failure on a line of its own; gives their exit status.</summary>
    public ExitStatus Fail(IReadOnlyCollection<Failure> failures)
    {
        foreach (var failure in failures)
        {
            Error.WriteLine($"gatewayctl: {failure}");
        }

        return ExitStatuses.Of(failures);
    }

    /// <summary>Writes one failure.</summary>
    public ExitStatus Fail(Failure failure) => Fail([failure]);

    /// <summary>Writes something to know that is no failure.</summary>
    public void Note(string message) => Error.WriteLine($"gatewayctl: {OneLine.Of(message)}");
}
