using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Options that all modules about addresses share.</summary>
internal static class WebOptions
{
    public static ImmutableArray<Option> All { get; } =
    [
        new Option("url_username") { Aliases = ["user", "username"] },
        new Option("url_password") { Aliases = ["password"] },
        new Option("force_basic_auth", OptionType.Boolean) { Default = false },
        new Option("http_agent") { Default = "ansible-httpget" },
        new Option("use_proxy", OptionType.Boolean) { Default = true },
        new Option("validate_certs", OptionType.Boolean) { Default = true },
        new Option("client_cert", OptionType.Path),
        new Option("client_key", OptionType.Path),
        new Option("headers", OptionType.Raw),
    ];

    public static ImmutableArray<string> NotSupported { get; } = ["ciphers", "decompress", "unredirected_headers", "use_gssapi", "use_netrc"];

    /// <summary>The request, or what is wrong with the options.</summary>
    public static (WebRequest Request, string? Problem) Read(OptionValues options, long seconds, string redirects)
    {
        var url = options.TextOf("url");
        var headers = new List<KeyValuePair<string, string>> { new("User-Agent", options.TextOf("http_agent")) };
        var problem = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "file" ? null : $"'{url}' is no http, https or file address";
        switch (options.Raw("headers"))
        {
            case null:
                break;
            case DictValue dict:
                headers.AddRange(dict.Entries.Select(entry => new KeyValuePair<string, string>(entry.Key.ToString(), entry.Value.ToString())));
                break;
            default:
                problem ??= "argument 'headers' must be a mapping of names and values";
                break;
        }

        problem ??= headers.Select(header => header.Value).FirstOrDefault(value => value.AsSpan().IndexOfAny('\r', '\n') >= 0) is null ? null : "a header holds a line break";
        var (name, password) = problem is null ? Login(uri!.UserInfo) : (null, null);
        return (new WebRequest(name is null ? url : url.Replace(uri!.UserInfo + "@", "", StringComparison.Ordinal))
        {
            Given = url,
            Headers = [.. headers],
            Timeout = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600)),
            UserName = options.Text("url_username") ?? name,
            Password = options.Text("url_password") ?? password,
            ForceBasic = options.Is("force_basic_auth"),
            ValidateCertificates = options.Is("validate_certs"),
            ClientCertificate = options.Text("client_cert"),
            ClientKey = options.Text("client_key"),
            Redirects = redirects,
            UseProxy = options.Is("use_proxy"),
        }, problem);
    }

    /// <summary>Name and password that stand in an address.</summary>
    private static (string? Name, string? Password) Login(string info)
    {
        var parts = info.Split(':', 2);
        return info.Length == 0 ? (null, null) : (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
    }
}
