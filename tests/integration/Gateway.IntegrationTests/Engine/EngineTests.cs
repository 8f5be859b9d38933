using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

/// <summary>What the tests of the Docker client share: the sandbox, and cleaning up after each test.</summary>
[Collection("third sandbox")]
public abstract class EngineTests(SandboxFixture fixture) : IAsyncLifetime
{
    private const string Label = "test.engine";

    protected Sandbox Sandbox => fixture.Sandbox;

    protected DockerClient Docker => fixture.Sandbox.Docker;

    /// <summary>A name nobody else uses.</summary>
    protected static string NewName(string what) => $"engine-{what}-{Guid.NewGuid().ToString("N")[..8]}";

    /// <summary>A container of this test; it goes with it.</summary>
    protected async Task<string> CreateAsync(string image, Func<ContainerSpec, ContainerSpec>? with = null, string? name = null)
    {
        var spec = new ContainerSpec { Image = image, Labels = new Dictionary<string, string> { [Label] = "yes" } };
        var created = await Docker.Containers.CreateAsync(name ?? NewName("c"), with?.Invoke(spec) ?? spec);
        return Good(created).Id;
    }

    protected async Task<string> RunAsync(string image, Func<ContainerSpec, ContainerSpec>? with = null, string? name = null)
    {
        var id = await CreateAsync(image, with, name);
        Good(await Docker.Containers.StartAsync(id));
        return id;
    }

    /// <summary>An image in the registry that the engine has pulled.</summary>
    protected async Task<string> PulledAsync(string name, TestImage image)
    {
        var reference = await Sandbox.PushTestImageAsync(name, image);
        Good(await Docker.Images.PullAsync(reference));
        return reference;
    }

    protected static T Good<T>(Result<T> result) =>
        result.TryGet(out var value, out var wrong) ? value : throw new Xunit.Sdk.XunitException($"expected a value, got: {string.Join("; ", wrong)}");

    protected static Failure Bad<T>(Result<T> result) => result.IsSuccess ? throw new Xunit.Sdk.XunitException($"expected a failure, got: {result.Value}") : result.Failure;

    /// <summary>Asks until it is so, for 15 seconds at most.</summary>
    protected static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 150; i++)
        {
            if (await isSo())
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new Xunit.Sdk.XunitException("it did not become so within 15 s");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var container in Good(await Docker.Containers.ListAsync([Label])))
        {
            await Docker.Containers.RemoveAsync(container.Id, force: true, volumes: true);
        }
    }
}
