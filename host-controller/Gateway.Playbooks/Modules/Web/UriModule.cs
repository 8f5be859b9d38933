using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.uri: a request to a web server, and what it answers.</summary>
public sealed class UriModule() : TaskModule<UriArguments, UriFacts>("uri", Options, "ansible.builtin.uri", "ansible.legacy.uri")
{
    private const long LargestBody = 64L * 1024 * 1024;
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly ModuleSchema Options = new(
    [
        new Option("url") { Required = true },
        new Option("method") { Default = "GET" },
        new Option("body", OptionType.Raw),
        new Option("body_format") { Default = "raw", Choices = ["form-urlencoded", "json", "raw"], Refused = ImmutableDictionary.CreateRange([new KeyValuePair<string, string>("form-multipart", "send the parts as they are, with 'src'")]) },
        new Option("src", OptionType.Path),
        new Option("remote_src", OptionType.Boolean) { Default = false },
        new Option("dest", OptionType.Path) { IsWritten = true },
        new Option("return_content", OptionType.Boolean) { Default = false },
        new Option("status_code", OptionType.Texts) { Default = ListValue.Of(["200"]) },
        new Option("timeout", OptionType.Integer) { Default = 30L },
        new Option("follow_redirects") { Default = "safe", Choices = ["all", "no", "none", "safe", "urllib2", "yes"] },
        new Option("creates", OptionType.Path),
        new Option("removes", OptionType.Path),
        new Option("force", OptionType.Boolean) { Default = false },
        .. WebOptions.All,
        .. FileAttributes.Options,
    ])
    {
        Exclusive = [["body", "src"]],
        NotSupported = [.. FileAttributes.NotSupported, .. WebOptions.NotSupported, "ca_path", "unix_socket"],
        PlaybookFile = "src",
    };

    public override bool SupportsCheck => false;

    protected override string NoCheck => "remote module (ansible.legacy.uri) does not support check mode";

    public override Result<UriArguments> Parse(OptionValues options, ModuleContext context)
    {
        var redirects = options.TextOf("follow_redirects") switch { "yes" or "all" => "all", "no" or "none" => "none", _ => "safe" };
        var (request, problem) = WebOptions.Read(options, options.Integer("timeout") ?? 30, redirects);
        var method = options.TextOf("method").ToUpperInvariant();
        var statuses = options.Texts("status_code").Select(text => int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var status) ? status : (int?)null).ToImmutableArray();
        problem ??= !method.All(char.IsAsciiLetter) ? "Parameter 'method' needs to be a single word in uppercase, like GET or POST."
            : statuses.Contains(null) ? "Elements value for option 'status_code' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int"
            : null;
        var (body, type) = Body(options);
        request = request with { Method = method, Body = body };
        if (type is not null && !request.Headers.Any(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
        {
            request = request with { Headers = request.Headers.Add(new("Content-Type", type)) };
        }

        return problem is not null ? Refuse(context, problem) : new UriArguments(request, [.. statuses.OfType<int>()], FileAttributes.Of(options))
        {
            Destination = options.Text("dest"),
            Source = options.Text("src"),
            IsSourceRemote = options.Is("remote_src"),
            Creates = options.Text("creates"),
            Removes = options.Text("removes"),
            ReturnContent = options.Is("return_content"),
            Force = options.Is("force"),
        };
    }

    public override Task<Result<UriFacts>> ReadAsync(UriArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        string? Expand(string? path) => path is null ? null : Expansion.Of(path, reader, context);
        var path = Expand(arguments.Destination);
        if (path is not null && (path.EndsWith('/') || reader.Stat(path, follow: true) is { Kind: FileKind.Directory }))
        {
            path = Folders.In(path, Folders.Name(new Uri(arguments.Request.Url).AbsolutePath) is { Length: > 0 } name ? name : "index.html");
        }

        var (creates, removes) = (Expand(arguments.Creates), Expand(arguments.Removes));
        var facts = new UriFacts(path, path is null ? null : reader.Stat(path, follow: true), arguments.Request.Body, arguments.Attributes.Resolve(reader))
        {
            NotNeeded = creates is not null && reader.AnyMatch(creates) ? $"skipped, since '{creates}' exists"
                : removes is not null && !reader.AnyMatch(removes) ? $"skipped, since '{removes}' does not exist"
                : null,
        };
        if (Expand(arguments.Source) is not { } source)
        {
            return Task.FromResult<Result<UriFacts>>(facts);
        }

        if (arguments.IsSourceRemote && reader.Stat(source, follow: true) is null)
        {
            return Task.FromResult<Result<UriFacts>>(Refuse(context, $"Unable to open source file {source}"));
        }

        var sent = arguments.IsSourceRemote ? reader.ReadFile(source, LargestBody) : reader.PlaybookFile(source, LargestBody).Then<ReadOnlyMemory<byte>>(file => file.Content);
        return Task.FromResult(sent.Then<UriFacts>(content => facts with { Body = content }));
    }

    public override TaskPlan Plan(UriArguments arguments, UriFacts facts, ModuleContext context)
    {
        if (facts.NotNeeded is { } reason)
        {
            return TaskPlan.Nothing(Results.Of(("stdout", reason), ("changed", false)));
        }

        var request = arguments.Request with
        {
            Body = facts.Body,
            Known = facts.State is { Kind: FileKind.File } file && !arguments.Force ? file.Modified : null,
        };
        return new TaskPlan([new SendRequest(request) { Path = facts.Path, Accepted = arguments.Accepted, Attributes = facts.Wanted }], DictValue.Empty)
        {
            Report = outcomes => UriReport.Of(arguments, outcomes[0]),
            DescribesResult = true,
        };
    }

    /// <summary>What is sent, and its type where the format implies one.</summary>
    private static (ReadOnlyMemory<byte>? Body, string? Type) Body(OptionValues options)
    {
        if (options.Raw("body") is not { } body)
        {
            return (null, options.Text("src") is null ? null : Form);
        }

        var (text, type) = options.TextOf("body_format") switch
        {
            "json" => (body is TextValue given ? given.Value : ValueJson.Write(body) ?? "", "application/json"),
            "form-urlencoded" when body is DictValue form => (Encoded(form.Entries), Form),
            "form-urlencoded" when body is ListValue list => (Encoded(list.Items.OfType<ListValue>().Where(pair => pair.Items.Length == 2).Select(pair => new KeyValuePair<Value, Value>(pair.Items[0], pair.Items[1]))), Form),
            _ => (body.ToString(), Form),
        };
        return (Encoding.UTF8.GetBytes(text), type);
    }

    private static string Encoded(IEnumerable<KeyValuePair<Value, Value>> entries) => string.Join('&', entries
        .SelectMany(entry => entry.Value is ListValue list ? list.Items.Select(item => (entry.Key, Value: item)) : [(entry.Key, entry.Value)])
        .Select(entry => $"{Encoded(entry.Key)}={Encoded(entry.Value)}"));

    private static string Encoded(Value value) => Uri.EscapeDataString(value.ToString()).Replace("%20", "+", StringComparison.Ordinal);
}
