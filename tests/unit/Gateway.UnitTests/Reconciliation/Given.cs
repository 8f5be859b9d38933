using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.UnitTests.Reconciliation;

internal static class Given
{
    public const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static readonly ImmutableDictionary<string, string?> NoDevices = ImmutableDictionary<string, string?>.Empty;

    public static Result<DesiredState> Parse(string text, DesiredStateOptions? options = null) =>
        DesiredStateParser.Parse(SignatureVerifier.Waive(new SourceText("d.yaml", Encoding.UTF8.GetBytes(text))), options ?? new DesiredStateOptions());

    public static DesiredState State(string applications, long serial = 1)
    {
        var result = Parse($$"""
            release: {serial: {{serial}}, expires: 2030-01-01T00:00:00Z, targets: all}
            applications:
            {{Indented(applications, 2)}}
            """);
        Assert.True(result.IsSuccess, string.Join("\n", result.Failures));
        return result.Value;
    }

    /// <summary>An application <c>app</c> with one service <c>web</c> whose keys are given.</summary>
    public static Application App(string service, string more = "")
    {
        var state = State($"""
            app:
              services:
                web:
                  image: registry.example.com/web:1@{Digest}
            {Indented(service, 6)}
            {Indented(more, 2)}
            """);
        return state.Applications[0];
    }

    public static ContainerSpec Spec(string service, string more = "")
    {
        var application = App(service, more);
        return ContainerSpecBuilder.Build(application, application["web"]!, NoDevices);
    }

    public static ImmutableArray<string> Wrong(string service, string more = "") =>
        [.. Parse($$"""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications:
              app:
                services:
                  web:
                    image: registry.example.com/web:1
            {{Indented(service, 8)}}
            {{Indented(more, 4)}}
            """).Failures.Select(failure => failure.ToString())];

    private static string Indented(string text, int by) => string.Join('\n', text.Split('\n').Select(line => new string(' ', by) + line));
}
