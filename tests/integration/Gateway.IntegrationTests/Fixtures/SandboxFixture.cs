using System.Globalization;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>
/// The sandbox that all tests of the collection <c>sandbox</c> share; it is started before the first of them and ended after the last.
/// Tests clean up their own containers, and choose names of their own.
/// </summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private const string Prefix = "/tmp/gateway-test-";
    private Sandbox? sandbox;

    public Sandbox Sandbox => sandbox ?? throw new InvalidOperationException("the sandbox is not started");

    public async Task InitializeAsync()
    {
        await StopLeftoversAsync();
        sandbox = await Sandbox.StartAsync(NewDirectory());
    }

    public async Task DisposeAsync()
    {
        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }
    }

    /// <summary>A folder name for one more sandbox of this test run.</summary>
    public static string NewDirectory() => $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}";

    /// <summary>A test run that was killed could not end its sandbox; its process id is in the folder's name.</summary>
    private static async Task StopLeftoversAsync()
    {
        foreach (var left in Directory.GetDirectories("/tmp", "gateway-test-*-*"))
        {
            var owner = left[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var pid) && !Directory.Exists($"/proc/{pid}"))
            {
                await Sandbox.StopAsync(left);
            }
        }
    }
}

/// <summary>Tests that share the sandbox, one after the other.</summary>
[CollectionDefinition("sandbox")]
public sealed class SandboxCollection : ICollectionFixture<SandboxFixture>;

/// <summary>The same once more, beside the first: long tests, and such as end the engine.</summary>
[CollectionDefinition("second sandbox")]
public sealed class SecondSandboxCollection : ICollectionFixture<SandboxFixture>;

/// <summary>And once more, for all that is not the supervisor's.</summary>
[CollectionDefinition("third sandbox")]
public sealed class ThirdSandboxCollection : ICollectionFixture<SandboxFixture>;
