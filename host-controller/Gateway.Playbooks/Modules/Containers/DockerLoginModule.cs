using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Registry;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>docker_login</c> task asks for.</summary>
/// <param name="Registry">As Docker names it in its files: host and port, or Docker Hub's address.</param>
/// <param name="Path">The file of log-ins.</param>
/// <param name="Present">Whether it shall be there.</param>
public sealed record LoginArguments(string Registry, string Path, bool Present)
{
    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Whether the registry is asked even when nothing changes.</summary>
    public bool Reauthorize { get; init; }
}

/// <summary>The file of log-ins: its content, parsed, and what it is.</summary>
public sealed record LoginFacts(JsonObject Content, FileState? State);

/// <summary>
/// docker_login: a log-in to a registry, checked by the engine and kept in a file that only root may read. It is the one
/// that <c>docker_image</c>, <c>container_supervisor</c> and the supervisor look into.
/// </summary>
public sealed class DockerLoginModule() : TaskModule<LoginArguments, LoginFacts>("docker_login", Options, "community.docker.docker_login")
{
    private const string DockerHub = "https://index.docker.io/v1/";
    private const int LargestFile = 1024 * 1024;
    private const int OwnerOnly = 0x180;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, TypeInfoResolver = System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine() };

    private static readonly ModuleSchema Options = new(
    [
        new Option("registry_url") { Aliases = ["registry", "url"], Default = DockerHub },
        new Option("username"),
        new Option("password"),
        new Option("reauthorize", OptionType.Boolean) { Aliases = ["reauth"], Default = false },
        new Option("state") { Choices = ["absent", "present"], Default = "present" },
        new Option("config_path", OptionType.Path) { IsWritten = true, Aliases = ["dockercfg_path"], Default = CredentialsFile.UsualPath },
    ])
    {
        NotSupported = ["api_version", "ca_path", "client_cert", "client_key", "debug", "docker_host", "email", "ssl_version", "timeout", "tls", "tls_hostname", "use_ssh_client", "validate_certs"],
    };

    public override Result<LoginArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (user, password, present) = (options.Text("username") ?? "", options.Text("password") ?? "", options.TextOf("state") == "present");
        return present && (user.Length == 0 || password.Length == 0) ? Refuse(context, "state is present but all of the following are missing: username, password")
            : user.Contains(':', StringComparison.Ordinal) ? Refuse(context, "'username' must not hold a colon")
            : new LoginArguments(Registry(options.TextOf("registry_url")), options.TextOf("config_path"), present)
            {
                Username = user,
                Password = password,
                Reauthorize = options.Is("reauthorize"),
            };
    }

    public override Task<Result<LoginFacts>> ReadAsync(LoginArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var state = reader.Stat(arguments.Path, follow: true);
        if (state is null)
        {
            return Task.FromResult<Result<LoginFacts>>(new LoginFacts(new JsonObject { ["auths"] = new JsonObject() }, null));
        }

        return Task.FromResult(reader.ReadFile(arguments.Path, LargestFile).Then<LoginFacts>(content =>
            Content(content.Span) is { } json ? new LoginFacts(json, state) : Refuse(context, $"{arguments.Path} is not a file of log-ins, as `docker login` writes it")));
    }

    public override TaskPlan Plan(LoginArguments arguments, LoginFacts facts, ModuleContext context)
    {
        var auths = (JsonObject)facts.Content["auths"]!;
        var wanted = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{arguments.Username}:{arguments.Password}"));
        var isThere = auths[arguments.Registry] is JsonObject entry && (!arguments.Present || (entry.Count == 1 && entry["auth"]?.ToJsonString() == JsonValue.Create(wanted).ToJsonString()));
        var changes = new List<Change>();
        if (arguments.Present && (!isThere || arguments.Reauthorize))
        {
            changes.Add(new CheckLogin(arguments.Registry, arguments.Username, arguments.Password));
        }

        var differs = isThere != arguments.Present;
        if (differs)
        {
            var content = (JsonObject)facts.Content.DeepClone();
            var entries = (JsonObject)content["auths"]!;
            entries.Remove(arguments.Registry);
            if (arguments.Present)
            {
                entries[arguments.Registry] = new JsonObject { ["auth"] = wanted };
            }

            changes.Add(new WriteFile(arguments.Path, Encoding.UTF8.GetBytes(content.ToJsonString(Indented) + "\n")) { Mode = OwnerOnly, Uid = 0, Gid = 0 });
        }
        else if (facts.State is { } state && (state.Mode & 0x3F) != 0)
        {
            differs = true;
            changes.Add(new SetMode(arguments.Path, OwnerOnly));
        }

        var result = Results.Of(("changed", differs), ("registry_url", arguments.Registry));
        return new TaskPlan([.. changes], result) { Report = outcomes => Report(arguments, result, outcomes[^1]) };
    }

    private static DictValue Report(LoginArguments arguments, DictValue result, ChangeOutcome last) => last.Error is { } error
        ? Results.Of(("changed", false), ("failed", true), ("msg", $"Logging into {arguments.Registry} for user {arguments.Username} failed - {error}"))
        : result;

    /// <summary>Docker keeps its own registry by its address, all others by host and port.</summary>
    private static string Registry(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var host = (scheme < 0 ? url : url[(scheme + 3)..]).Split('/')[0];
        return host is "docker.io" or "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
    }

    private static JsonObject? Content(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var root = bytes.Trim(" \t\r\n"u8).IsEmpty ? [] : JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowTrailingCommas = true }) as JsonObject;
            if (root is not null && root["auths"] is null)
            {
                root["auths"] = new JsonObject();
            }

            return root?["auths"] is JsonObject ? root : null;
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
