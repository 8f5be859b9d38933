using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary><c>container-supervisor apply</c> and the local file: desired states without a broker.</summary>
[Collection("sandbox")]
public sealed class ApplyTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Check_tells_and_changes_nothing_apply_applies_and_a_second_one_changes_nothing()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("once", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-once");
        await supervisor.ConfigureAsync(author);
        var file = await WriteAsync(supervisor, author, Operator.Desired(1, App("once", image)));

        var check = await supervisor.RunAsync("apply", file, "--check", "--diff");
        Assert.Equal((0, ""), (check.ExitCode, check.StandardError));
        Assert.Contains("once: first steps", check.StandardOutput, StringComparison.Ordinal);
        Assert.Contains($"  pull {image}\n", check.StandardOutput, StringComparison.Ordinal);
        Assert.Contains($"  create container once-one from {image}\n    + {{", check.StandardOutput, StringComparison.Ordinal);
        Assert.False((await sandbox.Docker.Containers.InspectAsync("once-one")).IsSuccess);
        Assert.Empty(Directory.Exists(supervisor.StateDirectory) ? Directory.GetFileSystemEntries(supervisor.StateDirectory) : []);

        var applied = await supervisor.RunAsync("apply", file);
        Assert.Equal(0, applied.ExitCode);
        Assert.Contains("once: running", applied.StandardOutput, StringComparison.Ordinal);
        var before = (await sandbox.Docker.Containers.InspectAsync("once-one")).Value;
        Assert.True(before.State.Running);

        var again = await supervisor.RunAsync("apply", file);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("once: nothing to do", (await supervisor.RunAsync("apply", file, "--check")).StandardOutput, StringComparison.Ordinal);
        var after = (await sandbox.Docker.Containers.InspectAsync("once-one")).Value;
        Assert.Equal((before.Id, before.State.StartedAt), (after.Id, after.State.StartedAt));
    }

    [Fact]
    public async Task Without_a_signature_it_is_refused_unless_one_says_unsigned()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("plain", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-plain");
        await supervisor.ConfigureAsync(author);
        var file = Path.Combine(supervisor.Folder, "plain.yaml");
        await File.WriteAllTextAsync(file, $"applications:\n{App("plain", image)}\n");

        var refused = await supervisor.RunAsync("apply", file);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("is not signed", OneLineOf(refused), StringComparison.Ordinal);
        Assert.False((await sandbox.Docker.Containers.InspectAsync("plain-one")).IsSuccess);

        Assert.Equal(0, (await supervisor.RunAsync("apply", file, "--unsigned")).ExitCode);
        Assert.True((await sandbox.Docker.Containers.InspectAsync("plain-one")).Value.State.Running);
    }

    [Fact]
    public async Task What_does_not_parse_ends_with_4_and_every_place()
    {
        await using var author = await Operator.CreateAsync();
        await using var supervisor = new RunningSupervisor(sandbox, "gw-wrong");
        await supervisor.ConfigureAsync(author);
        var file = await WriteAsync(supervisor, author, Operator.Desired(1, """
              wrong:
                services:
                  one: {imag: x}
                  two: {image: x, ports: [0]}
            """));

        var wrong = await supervisor.RunAsync("apply", file);
        Assert.Equal(4, wrong.ExitCode);
        Assert.Contains($"{file}:5:13: service 'one' has no key 'imag'; did you mean 'image'?", wrong.StandardError, StringComparison.Ordinal);
        Assert.Contains($"{file}:6:31: a port must be", wrong.StandardError, StringComparison.Ordinal);
        Assert.Empty(wrong.StandardOutput);
    }

    [Fact]
    public async Task What_the_policy_forbids_refuses_that_application_alone()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("policy", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-policy");
        await supervisor.ConfigureAsync(author);
        var file = await WriteAsync(supervisor, author, Operator.Desired(1, $$"""
              bold: {services: {one: {image: "{{image}}", privileged: true} } }
              nodigest: {services: {one: {image: "{{image.Split('@')[0]}}:latest"} } }
              meek: {services: {one: {image: "{{image}}"} } }
            """));

        var applied = await supervisor.RunAsync("apply", file);
        Assert.Equal(3, applied.ExitCode);
        Assert.Contains("bold: refused: ", applied.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("policy.privileged", applied.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("nodigest: refused: ", applied.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("meek: running", applied.StandardOutput, StringComparison.Ordinal);
        Assert.True((await sandbox.Docker.Containers.InspectAsync("meek-one")).Value.State.Running);
        Assert.False((await sandbox.Docker.Containers.InspectAsync("bold-one")).IsSuccess);
        Assert.False((await sandbox.Docker.Containers.InspectAsync("nodigest-one")).IsSuccess);
    }

    [Fact]
    public async Task A_local_file_is_watched_and_a_bad_one_leaves_what_runs()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("local", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-local");
        var folder = Directory.CreateDirectory(Path.Combine(supervisor.Folder, "medium")).FullName;
        await supervisor.ConfigureAsync(author, $"desired_state: {folder}/twin.yaml");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");

        var file = await WriteAsync(supervisor, author, Operator.Desired(1, App("local", image)), "medium/twin.yaml");
        await supervisor.StatusAsync(status => (string?)status["applications"]?["local"]?["state"] == "running");
        var id = (await sandbox.Docker.Containers.InspectAsync("local-one")).Value.Id;

        await File.AppendAllTextAsync(file, "# added on the way\n");
        var status = await supervisor.StatusAsync(status => status["desired"]?["gateway"]?["refused"] is not null);
        Assert.Contains("signature", (string?)status["desired"]!["gateway"]!["refused"]!["reason"], StringComparison.Ordinal);
        Assert.Equal(id, (await sandbox.Docker.Containers.InspectAsync("local-one")).Value.Id);

        await WriteAsync(supervisor, author, Operator.Desired(2, App("moved", image)), "medium/twin.yaml");
        status = await supervisor.StatusAsync(status => (string?)status["applications"]?["moved"]?["state"] == "running");
        Assert.Null(status["desired"]!["gateway"]!["refused"]);
        await supervisor.EventuallyAsync(() => !sandbox.Docker.Containers.InspectAsync("local-one").Result.IsSuccess);
    }

    private static async Task<string> WriteAsync(RunningSupervisor supervisor, Operator author, string text, string name = "desired.yaml")
    {
        var file = Path.Combine(supervisor.Folder, name);
        await File.WriteAllBytesAsync(file + ".asc", await author.SignAsync(text));
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static string OneLineOf(ProcessOutcome outcome) => Assert.Single(outcome.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static string App(string name, string image) => $$"""
          {{name}}:
            services:
              one: {image: "{{image}}"}
        """;
}
