using System.Text;
using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Trust;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>An operator with a key, who signs documents.</summary>
public sealed class Operator : IAsyncDisposable
{
    private readonly GpgHome home = new();
    private string key = "";

    public static async Task<Operator> CreateAsync()
    {
        var created = new Operator();
        created.key = await created.home.MakeKeyAsync("Operator <operator@example.com>");
        return created;
    }

    /// <summary>The public key, as it lies in the trusted directory.</summary>
    public Task<byte[]> PublicKeyAsync() => home.ExportAsync(key);

    /// <summary>A signed document in its envelope.</summary>
    public async Task<byte[]> EnvelopeAsync(string text) => Envelope(text, Encoding.ASCII.GetString(await SignAsync(text)));

    public Task<byte[]> SignAsync(string text) => home.SignAsync(Encoding.UTF8.GetBytes(text), key);

    public static byte[] Envelope(string text, string signature) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["payload"] = text, ["signature"] = signature }.ToJsonString());

    /// <summary>A desired state for everybody.</summary>
    public static string Desired(int serial, string applications) => $$"""
        release: {serial: {{serial}}, expires: {{DateTime.UtcNow.AddDays(30):yyyy-MM-ddTHH:mm:ssZ}}, targets: [all]}
        applications:
        {{applications.ReplaceLineEndings("\n").Trim('\n')}}
        """;

    /// <summary>A command for everybody, in JSON; <paramref name="more"/> are its other members.</summary>
    public static string Command(int serial, string id, string command, string more) =>
        $$$"""{"release":{"serial":{{{serial}}},"expires":"{{{DateTime.UtcNow.AddDays(1):yyyy-MM-ddTHH:mm:ssZ}}}","targets":["all"]},"id":"{{{id}}}","command":"{{{command}}}",{{{more}}}}""";

    public ValueTask DisposeAsync() => home.DisposeAsync();
}
