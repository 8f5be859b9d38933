using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.Core.Registry;

/// <summary>
/// Log-ins to registries in the form of Docker's <c>config.json</c>: the member <c>auths</c>, by registry, with <c>auth</c>
/// (Base64 of <c>user:password</c>), <c>username</c> and <c>password</c>, or <c>identitytoken</c>. Other members are
/// Docker's own affair and skipped; helpers (<c>credsStore</c>) are not run. Nothing of it is ever told in a failure.
/// </summary>
public sealed class RegistryCredentials
{
    private readonly ImmutableDictionary<string, RegistryAuth> byRegistry;

    private RegistryCredentials(ImmutableDictionary<string, RegistryAuth> byRegistry) => this.byRegistry = byRegistry;

    /// <summary>Nobody's.</summary>
    public static RegistryCredentials None { get; } = new(ImmutableDictionary.Create<string, RegistryAuth>(StringComparer.OrdinalIgnoreCase));

    /// <summary>Reads a file's content; <paramref name="name"/> is for the failure.</summary>
    public static Result<RegistryCredentials> Parse(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
            {
                return Wrong(name, "must be an object with `auths`, as `docker login` writes it");
            }

            var found = None.byRegistry.ToBuilder();
            foreach (var entry in auths.EnumerateObject())
            {
                var registry = Registry(entry.Name);
                if (Auth(entry.Value, registry) is not { } auth)
                {
                    return Wrong(name, $"the entry of {OneLine.Of(entry.Name)} holds neither `auth`, nor `username` and `password`, nor `identitytoken`; a credential helper is not used here");
                }

                found[registry] = auth;
            }

            return new RegistryCredentials(found.ToImmutable());
        }
        catch (JsonException e)
        {
            // The exception's own text may quote the file.
            return Wrong(name, $"is not JSON, line {e.LineNumber + 1}");
        }
    }

    /// <summary>The log-in for a registry (<c>host</c> or <c>host:port</c>; <c>docker.io</c> for Docker Hub), or null.</summary>
    public RegistryAuth? For(string registry) => byRegistry.GetValueOrDefault(Registry(registry));

    /// <summary>As an image's reference names it: Docker writes Docker Hub and others as addresses.</summary>
    private static string Registry(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var address = scheme < 0 ? key : key[(scheme + 3)..];
        var host = address.Split('/')[0];
        return host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }

    private static RegistryAuth? Auth(JsonElement entry, string registry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (user, password) = (Text(entry, "username"), Text(entry, "password"));
        if (Text(entry, "auth") is { Length: > 0 } packed && Unpack(packed) is { } pair)
        {
            (user, password) = pair;
        }

        var token = Text(entry, "identitytoken");
        return token.Length > 0 || (user.Length > 0 && password.Length > 0)
            ? new RegistryAuth(user, password, registry == "docker.io" ? "https://index.docker.io/v1/" : registry) { IdentityToken = token }
            : null;
    }

    private static (string User, string Password)? Unpack(string packed)
    {
        var bytes = new byte[packed.Length];
        if (!Convert.TryFromBase64String(packed, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (text[..colon], text[(colon + 1)..].TrimEnd('\0')) : null;
    }

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static Failure Wrong(string name, string message) => new(Phase.Configuration, name, message);
}
