using System.Collections.Immutable;
using Gateway.Core.Engine;

namespace Gateway.UnitTests.Core.Engine;

public sealed class EngineRegistriesTests
{
    private static readonly EngineRegistries Registries = new()
    {
        InsecureRanges = ["127.0.0.0/8", "10.1.0.0/16"],
        IndexConfigs = ImmutableDictionary<string, EngineRegistry>.Empty
            .Add("docker.io", new EngineRegistry { Secure = true })
            .Add("plain.example.com:5000", new EngineRegistry { Secure = false }),
    };

    [Theory]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("localhost:5000", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.2.2.3:5000", false)]
    [InlineData("plain.example.com:5000", true)]
    [InlineData("plain.example.com", false)]
    [InlineData("registry.example.com", false)]
    [InlineData("docker.io", false)]
    public void Plain_http_is_spoken_only_where_the_engine_would(string registry, bool plain) => Assert.Equal(plain, Registries.IsInsecure(registry));
}
