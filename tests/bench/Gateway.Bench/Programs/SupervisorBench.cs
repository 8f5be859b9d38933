using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Gateway.Core.Engine;

namespace Gateway.Bench.Programs;

/// <summary>
/// An application of many services: the supervisor as shipped, docker-compose, and the engine's bare interface, in turn.
/// Runs inside the sandbox's network, where the broker is.
/// </summary>
internal sealed class SupervisorBench(string folder, string work) : IDisposable
{
    private const int Services = 20;
    private const int Runs = 3;
    private const int Port = 18080;
    private const string Label = "io.gateway.application";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Watch = TimeSpan.FromMinutes(1);

    private readonly string socket = Path.Combine(folder, "docker/docker.sock");
    private readonly DockerClient docker = new(Path.Combine(folder, "docker/docker.sock"));
    private readonly Dictionary<string, List<double>> seconds = new(StringComparer.Ordinal);
    private readonly List<(string Key, string Label, double Value, string Unit)> figures = [];

    public void Run(Report report)
    {
        var images = Shell.Run(Path.Combine(Paths.Repository, "tests/bench/application-images.sh"), folder).Trim().Split('\n');
        using var supervisor = ShippedSupervisor.StartAsync(docker, Path.Combine(work, "supervisor"), socket).GetAwaiter().GetResult();
        Thread.Sleep(Settle);
        Memory("started", "just started, nothing to run", supervisor);
        for (var i = 0; i < Runs; i++)
        {
            // The supervisor cleans up the images of what was removed.
            Pull(images);
            Floor(images[1]);
            Compose(images[1]);
            Ours(supervisor, images);
        }

        Report(report);
        Pull(images);
        Idle(supervisor, images[1]);
        report.Figures("supervisor", $"The supervisor as shipped, with {Services} services", figures);
    }

    public void Dispose() => docker.Dispose();

    private void Pull(string[] images)
    {
        foreach (var image in images)
        {
            if (docker.Images.PullAsync(image).GetAwaiter().GetResult() is { IsSuccess: false } failed)
            {
                throw new InvalidOperationException(failed.Failure.ToString());
            }
        }
    }

    private void Floor(string image)
    {
        var floor = new EngineFloor(docker, image);
        Note("floor first", floor.Start(Services));
        Note("floor unchanged", floor.List());
        var (change, create) = floor.Change();
        Note("floor change", change);
        Note("floor create", create);
        Note("floor removal", floor.Remove());
    }

    private void Compose(string image)
    {
        var file = Path.Combine(work, "docker-compose.yml");
        Command Theirs(params string[] arguments) => new("docker-compose", "/usr/bin/docker-compose", ["-p", "theirs", "-f", file, .. arguments])
        {
            Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + socket, ["HOME"] = work },
        };
        File.WriteAllText(file, "version: \"2.4\"\n" + Application(image, "", "a"));
        Note("compose first", ProgramRun.Of(Theirs("up", "-d")).Seconds);
        Note("compose unchanged", ProgramRun.Of(Theirs("up", "-d")).Seconds);
        File.WriteAllText(file, "version: \"2.4\"\n" + Application(image, "", "b"));
        Note("compose change", ProgramRun.Of(Theirs("up", "-d")).Seconds);
        Note("compose removal", ProgramRun.Of(Theirs("down")).Seconds);
    }

    private void Ours(ShippedSupervisor supervisor, string[] images)
    {
        Note("ours first", Until(supervisor, Many(images[1], "a"), "start", Services));
        Thread.Sleep(Settle / 3);
        var since = DateTimeOffset.UtcNow;
        supervisor.PublishAsync(Many(images[1], "a")).GetAwaiter().GetResult();
        Thread.Sleep(TimeSpan.FromSeconds(2));
        var (calls, milliseconds) = supervisor.RoundsAsync(since).GetAwaiter().GetResult()[0];
        Note("ours unchanged", milliseconds / 1000);
        Note("calls", calls);
        Note("ours change", Until(supervisor, Many(images[1], "b"), "start", 1));
        Thread.Sleep(Settle / 3);
        Note("ours removal", Until(supervisor, "applications: {}\n", "destroy", Services));
        Thread.Sleep(Settle / 3);
        Pull(images);
        // Asked for before it runs, the kernel would look for its address in vain, and again only after a whole second.
        Note("ours serving", Until(supervisor, $"applications:\n  web:\n    services:\n      store: {{image: \"{images[0]}\", stop_signal: SIGKILL, ports: [\"127.0.0.1:{Port}:8080\"]}}\n", "start", 1, WaitForPort));
        Thread.Sleep(Settle / 3);
        Until(supervisor, "applications: {}\n", "destroy", 1);
        Thread.Sleep(TimeSpan.FromSeconds(2));
    }

    /// <summary>Seconds from publishing until the engine has told of so many events of our containers, and what is waited for then.</summary>
    private double Until(ShippedSupervisor supervisor, string applications, string action, int count, Action? then = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var listening = new TaskCompletionSource();
        var seen = Task.Run(async () =>
        {
            var filter = new EventFilter { Types = ["container"], Actions = [action], Labels = [Label], Since = DateTimeOffset.UtcNow };
            await foreach (var next in docker.WatchAsync(filter, listening.SetResult, patience.Token))
            {
                if (next.IsSuccess && --count == 0)
                {
                    return;
                }
            }
        });
        listening.Task.GetAwaiter().GetResult();
        var clock = Stopwatch.StartNew();
        supervisor.PublishAsync(applications).GetAwaiter().GetResult();
        seen.GetAwaiter().GetResult();
        then?.Invoke();
        return clock.Elapsed.TotalSeconds;
    }

    private void Idle(ShippedSupervisor supervisor, string image)
    {
        Until(supervisor, Many(image, "a"), "start", Services);
        Thread.Sleep(Settle * 2);
        Memory("running", $"with {Services} services, settled", supervisor);
        var (own, all) = (ProcessFigures.Cpu(supervisor.Pid), ProcessFigures.CpuOfGroup(supervisor.Pid));
        Thread.Sleep(Watch);
        figures.Add(("idle_cpu_percent", "processor, of one core, over a minute", (ProcessFigures.Cpu(supervisor.Pid) - own) / Watch.TotalSeconds * 100, "%"));
        if (all is { } before && ProcessFigures.CpuOfGroup(supervisor.Pid) is { } after)
        {
            figures.Add(("idle_cpu_with_health_checks_percent", "the same with the engine's health checks", (after - before) / Watch.TotalSeconds * 100, "%"));
        }

        Memory("idle", "a minute later", supervisor);
    }

    private void Memory(string key, string when, ShippedSupervisor supervisor)
    {
        var (resident, proportional, unique, anonymous) = ProcessFigures.Memory(supervisor.Pid);
        figures.Add(($"{key}_rss_mib", $"resident, {when}", resident, "MiB"));
        figures.Add(($"{key}_pss_mib", $"proportional, {when}", proportional, "MiB"));
        figures.Add(($"{key}_uss_mib", $"unique, {when}", unique, "MiB"));
        figures.Add(($"{key}_anonymous_mib", $"of it not from files, {when}", anonymous, "MiB"));
    }

    private void Report(Report report)
    {
        string[] works = ["first", "unchanged", "change", "removal"];
        var rows = new List<(string, string, double, string)>();
        foreach (var what in works)
        {
            foreach (var who in new[] { "ours", "compose", "floor" })
            {
                rows.Add(($"{what}_{who}_s", $"{what}, {who}", Middle($"{who} {what}"), "s"));
            }

            rows.Add(($"{what}_ours_by_compose", $"{what}, ours ÷ docker-compose", Middle($"ours {what}") / Middle($"compose {what}"), ""));
            rows.Add(($"{what}_ours_by_floor", $"{what}, ours ÷ floor", Middle($"ours {what}") / Middle($"floor {what}"), ""));
        }

        rows.Add(("change_ours_by_floor_with_create", "change, ours ÷ floor with making the container", Middle("ours change") / (Middle("floor change") + Middle("floor create")), ""));
        rows.Add(("unchanged_calls", "unchanged, calls to the engine", Middle("calls"), ""));
        rows.Add(("published_to_serving_s", "published to serving, image present", Middle("ours serving"), "s"));
        report.Figures("supervisor-work", $"{Services} services: the supervisor, docker-compose, and the bare Engine API (floor); medians of {Runs}", rows);
    }

    private void Note(string what, double value)
    {
        if (!seconds.TryGetValue(what, out var list))
        {
            seconds[what] = list = [];
        }

        list.Add(value);
    }

    private double Middle(string what) => Measurement.Middle(seconds[what]);

    private static void WaitForPort()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(1))
        {
            try
            {
                // The engine's own proxy takes connections before the program does: an answer is what counts.
                using var client = new TcpClient("127.0.0.1", Port);
                client.GetStream().Write("GET / HTTP/1.0\r\n\r\n"u8);
                if (client.GetStream().ReadByte() == 'H')
                {
                    return;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // not yet
            }

            Thread.Sleep(5);
        }

        throw new InvalidOperationException("the service does not serve");
    }

    private static string Many(string image, string value) => "applications:\n  bench:\n" + Application(image, "    ", value);

    private static string Application(string image, string indent, string value) => indent + "services:\n" + string.Concat(Enumerable.Range(0, Services).Select(i => string.Create(
        CultureInfo.InvariantCulture, $"{indent}  s{i}: {{image: \"{image}\", stop_signal: SIGKILL, environment: {{VALUE: \"{(i == 0 ? value : "")}\"}}}}\n")));
}
