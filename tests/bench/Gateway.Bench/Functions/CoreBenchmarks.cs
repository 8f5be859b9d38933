using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Core.Yaml;

namespace Gateway.Bench.Functions;

/// <summary>Reading a large document: an application list of 500 services.</summary>
[MemoryDiagnoser]
public class CoreBenchmarks
{
    private SourceText document = null!;

    /// <summary>The document.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var text = new StringBuilder("release: {serial: 1, expires: 2099-01-01T00:00:00Z, targets: [all]}\napplications:\n");
        for (var i = 0; i < 500; i++)
        {
            text.Append($"  app{i}:\n    services:\n      main:\n        image: registry.example.com/app{i}@sha256:{i:x64}\n        environment: {{A: \"1\", B: \"2\"}}\n");
        }

        document = new SourceText("desired.yaml", Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Bytes to nodes with positions.</summary>
    [Benchmark]
    public YamlNode ReadYaml() => YamlReader.Read(document).Value;
}
