using System.Diagnostics;
using System.Globalization;

namespace Gateway.Bench;

/// <summary>Runs a whole program under <c>/usr/bin/time</c>, which reads what the kernel accounted for it.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>One run; a program that fails ends the benchmark, since its time would mean nothing.</summary>
    public static Measurement Of(Command command)
    {
        var figures = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/usr/bin/time", ["-q", "-f", "%e %U %S %M", "-o", figures, "--", command.Program, .. command.Arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = command.WorkingDirectory,
            };
            foreach (var (name, value) in command.Environment)
            {
                start.Environment[name] = value;
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Longest))
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"{command.Name} took more than {Longest.TotalMinutes} minutes");
            }

            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{command.Name} ended with {process.ExitCode}:\n{output.Result}\n{errors.Result}");
            }

            return Parse(File.ReadAllText(figures));
        }
        finally
        {
            File.Delete(figures);
        }
    }

    /// <summary>Runs two programs in turn, A B A B, after one uncounted run each: a drift of the machine hits both.</summary>
    public static (Measurement A, Measurement B) InTurn(Command a, Command b, int runs)
    {
        Of(a);
        Of(b);
        List<Measurement> ofA = [], ofB = [];
        for (var i = 0; i < runs; i++)
        {
            a.Before?.Invoke();
            ofA.Add(Of(a));
            b.Before?.Invoke();
            ofB.Add(Of(b));
        }

        return (Measurement.Median(ofA), Measurement.Median(ofB));
    }

    private static Measurement Parse(string line)
    {
        var parts = line.Trim().Split('\n')[^1].Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new Measurement(parts[0], parts[1] + parts[2], (long)parts[3]);
    }
}
