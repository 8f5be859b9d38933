using System.Text.Json.Nodes;
using Gateway.Core.Engine;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>A gateway whose supervisor runs, its operator, who publishes desired states one after the other, and a look at its containers.</summary>
public sealed class SupervisedGateway : IAsyncDisposable
{
    private readonly Sandbox sandbox;
    private int serial;
    private int commands;

    private SupervisedGateway(Sandbox sandbox, Operator author, RunningSupervisor supervisor)
    {
        this.sandbox = sandbox;
        Author = author;
        Supervisor = supervisor;
    }

    public Operator Author { get; }

    public RunningSupervisor Supervisor { get; }

    /// <summary>The serial published last.</summary>
    public int Serial => serial;

    /// <summary>Where its desired state is published.</summary>
    public string Topic => $"gateway/{Supervisor.Id}/desired";

    /// <summary>Starts one; <paramref name="configuration"/> is added to its configuration file, where <c>{folder}</c> is a folder of its own.</summary>
    public static async Task<SupervisedGateway> StartAsync(Sandbox sandbox, string configuration = "", string? mqtt = null, bool started = true)
    {
        var author = await Operator.CreateAsync();
        var supervisor = new RunningSupervisor(sandbox, $"gw-{Guid.NewGuid():N}"[..12]);
        var gateway = new SupervisedGateway(sandbox, author, supervisor);
        await supervisor.ConfigureAsync(author, configuration.Replace("{folder}", supervisor.Folder, StringComparison.Ordinal), mqtt);
        await supervisor.WatchAsync();
        if (started)
        {
            supervisor.Start();
        }

        return gateway;
    }

    /// <summary>Publishes these applications as the next release.</summary>
    public async Task DesireAsync(string applications) =>
        await Supervisor.PublishAsync(Topic, await Author.EnvelopeAsync(Operator.Desired(++serial, applications)), retained: true);

    /// <summary>Publishes these applications and waits until they are applied.</summary>
    public async Task<JsonNode> ApplyAsync(string applications)
    {
        await DesireAsync(applications);
        return await AppliedAsync();
    }

    /// <summary>Writes a signed document of these applications as the next release into a file of the gateway's folder.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(Supervisor.Folder, name);
        await File.WriteAllBytesAsync(file + ".asc", await Author.SignAsync(text));
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    /// <summary>Waits until what was published last is applied.</summary>
    public Task<JsonNode> AppliedAsync() => Supervisor.StatusAsync(IsApplied);

    /// <summary>Waits until an application is in this state, as of the release published last.</summary>
    public Task<JsonNode> StateAsync(string application, string state) => Supervisor.StatusAsync(status =>
        (int?)status["desired"]?["gateway"]?["serial"] == serial && (string?)status["applications"]?[application]?["state"] == state);

    /// <summary>Waits until the reason of an application holds this; gives the whole reason.</summary>
    public async Task<string> ReasonAsync(string application, string part)
    {
        var status = await Supervisor.StatusAsync(status => ReasonOf(status, application).Contains(part, StringComparison.Ordinal));
        return ReasonOf(status, application);
    }

    public static string ReasonOf(JsonNode status, string application) => (string?)status["applications"]?[application]?["reason"] ?? "";

    /// <summary>Sends a signed command and waits for its reply.</summary>
    public async Task<JsonNode> AskAsync(string command, string more)
    {
        var id = $"c-{++commands}";
        await Supervisor.PublishAsync($"gateway/{Supervisor.Id}/command", await Author.EnvelopeAsync(Operator.Command(commands, id, command, more)), retained: false);
        await Supervisor.EventuallyAsync(() => Supervisor.Last($"reply/{id}") is not null);
        return JsonNode.Parse(Supervisor.Last($"reply/{id}")!)!;
    }

    public async Task<ContainerDetails> ContainerAsync(string name)
    {
        var found = await sandbox.Docker.Containers.InspectAsync(name);
        return found.IsSuccess ? found.Value : throw new InvalidOperationException($"{found.Failure}\n{Supervisor.Log}");
    }

    /// <summary>What the engine says of a container at the moment; null while there is none of that name, as while one is made anew.</summary>
    public ContainerDetails? Look(string name) => sandbox.Docker.Containers.InspectAsync(name).Result is { IsSuccess: true } found ? found.Value : null;

    public async Task<string> IdAsync(string name) => (await ContainerAsync(name)).Id;

    /// <summary>Whether a container of this name runs at the moment.</summary>
    public bool Runs(string name, string? id = null) =>
        Look(name) is { State: { Running: true, Restarting: false } } found && (id is null || found.Id == id);

    public bool IsThere(string name) => Look(name) is not null;

    /// <summary>All containers of an application: name → id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ContainersAsync(string application) =>
        (await sandbox.Docker.Containers.ListAsync([$"io.gateway.application={application}"])).Value.ToDictionary(container => container.Name, container => container.Id, StringComparer.Ordinal);

    /// <summary>Ends the supervisor and starts it again.</summary>
    public async Task RestartAsync(bool kill = false)
    {
        await Supervisor.StopAsync(kill);
        Supervisor.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Supervisor.DisposeAsync();
        await Author.DisposeAsync();
    }

    private bool IsApplied(JsonNode status) =>
        (int?)status["desired"]?["gateway"]?["serial"] == serial && (string?)status["desired"]!["gateway"]!["state"] == "applied";
}
