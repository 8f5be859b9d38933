namespace Gateway.Bench.Programs;

/// <summary>An application of two services: brought up from nothing, and found as it should be.</summary>
internal static class ApplicationBench
{
    public static void Run(Report report, string work, Sandbox sandbox)
    {
        var images = Shell.Run(Path.Combine(Paths.Repository, "tests/bench/application-images.sh"), sandbox.Folder).Trim().Split('\n');
        var compose = Path.Combine(work, "docker-compose.yml");
        File.WriteAllText(compose, "version: \"2.4\"\n" + Services(images, ""));
        var desired = Write(work, "desired.yaml", "applications:\n  bench:\n" + Services(images, "    "));
        var empty = Write(work, "empty.yaml", "applications: {}\n");
        var configuration = Path.Combine(work, "supervisor.yaml");
        File.WriteAllText(configuration, $"gateway_id: bench\ndocker_socket: {sandbox.Socket}\nstate_directory: {work}/supervisor\nrequire_signature: false\n");

        Command Ours(string file) => sandbox.Inside(new Command("container-supervisor", Paths.ContainerSupervisor, "--config", configuration, "apply", file, "--unsigned"));
        Command Theirs(params string[] arguments) => sandbox.Inside(new Command("docker-compose", "/usr/bin/docker-compose", ["-p", "theirs", "-f", compose, .. arguments])) with
        {
            Environment = new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + sandbox.Socket, ["HOME"] = work },
        };

        void Clear()
        {
            ProgramRun.Of(Ours(empty));
            ProgramRun.Of(Theirs("down"));
        }

        Clear();
        report.Compare("application-up", "An application of two services from nothing to running", Ours(desired) with { Before = Clear }, Theirs("up", "-d") with { Before = Clear }, 5);
        report.Compare("application-unchanged", "The same application, found as it should be", Ours(desired), Theirs("up", "-d"), 5);
        Clear();
    }

    private static string Write(string work, string name, string content)
    {
        var path = Path.Combine(work, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Services(string[] images, string indent) => string.Concat(new[]
    {
        "services:", "  store:", $"    image: {images[0]}", "  collector:", $"    image: {images[1]}", "    depends_on: [store]",
    }.Select(line => indent + line + "\n"));
}
