using System.Text;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Receive;
using Gateway.Core.Releases;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.Receive;

/// <summary>Desired states without a signature, and a gateway that takes them.</summary>
internal static class Documents
{
    public static Envelope Envelope(int serial, string application, string target = "all") => new(new SourceText("test", Encoding.UTF8.GetBytes(Text(serial, application, target))), default);

    public static string Text(int serial, string application, string target = "all") => $$"""
        release: {serial: {{serial}}, expires: {{DateTime.UtcNow.Date.AddDays(30):yyyy-MM-ddTHH:mm:ssZ}}, targets: ["{{target}}"]}
        applications: { {{application}}: {services: {one: {image: "example.com/one@sha256:{{new string('1', 64)}}"} } } }
        """;

    public static (Membership Membership, DesiredSources Sources) Gateway(string folder, params string[] groups)
    {
        var configuration = new SupervisorConfiguration { Identity = new GatewayIdentity("gw-1", [.. groups]), StateDirectory = folder, RequireSignature = false, TrustedDirectory = folder };
        var membership = new Membership(configuration.Identity, folder);
        return (membership, new DesiredSources(membership, new DocumentGate(configuration, membership, TimeProvider.System, Logger.None), new DesiredStore(folder), Logger.None));
    }

    /// <summary>An inbox that takes no commands.</summary>
    public static Inbox Inbox(Membership membership, DesiredSources sources, TimeSpan secondLook) =>
        new(new Topics(membership, new MqttSettings("", 0)), sources, null!, membership) { SecondLook = secondLook };
}
