using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>docker_image</c> task asks for.</summary>
public sealed record ImageArguments(string Name, string Source, string? Path, string State)
{
    public bool ForceAbsent { get; init; }
}

/// <summary>The image as the engine has it, and where its archive is.</summary>
public sealed record ImageFacts(ImageState? Image, string? Path, bool IsBeside);

/// <summary>docker_image, ours: an image the engine shall have, pulled or loaded from a file; by digest its content is checked.</summary>
public sealed class DockerImageModule() : TaskModule<ImageArguments, ImageFacts>("docker_image", Options, "community.docker.docker_image")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("tag"),
        new Option("source") { Choices = ["pull", "load"], Default = "pull" },
        new Option("path", OptionType.Path) { Aliases = ["load_path"] },
        new Option("state") { Choices = ["present", "absent"], Default = "present" },
        new Option("force_absent", OptionType.Boolean) { Default = false },
    ])
    {
        NotSupported = ["archive_path", "build", "force_source", "force_tag", "push", "repository", "pull", "docker_host", "tls", "tls_hostname", "api_version", "timeout"],
    };

    public override Result<ImageArguments> Parse(OptionValues options, ModuleContext context)
    {
        var name = options.TextOf("name");
        if (options.Text("tag") is { } tag)
        {
            name = name.Contains('@', StringComparison.Ordinal) || name[(name.LastIndexOf('/') + 1)..].Contains(':', StringComparison.Ordinal) ? name : $"{name}:{tag}";
        }

        if (ImageReference.Problem(name) is { } problem)
        {
            return Refuse(context, problem);
        }

        var (source, path, state) = (options.TextOf("source"), options.Text("path"), options.TextOf("state"));
        return state == "present" && (source == "load") != (path is not null)
            ? Refuse(context, source == "load" ? "source 'load' needs 'path', a docker archive" : "'path' is for source 'load'")
            : name.StartsWith("sha256:", StringComparison.Ordinal) && source == "pull" && state == "present"
                ? Refuse(context, "an image id cannot be pulled: name the repository with its digest, or load the image")
                : new ImageArguments(name, source, path, state) { ForceAbsent = options.Is("force_absent") };
    }

    public override async Task<Result<ImageFacts>> ReadAsync(ImageArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        // An archive of the bundle is named relative to it, as other files are.
        var path = arguments.Path is { } given ? Expansion.Of(given, reader, context) : null;
        var beside = path is null || path.StartsWith('/') ? null : reader.FindPlaybookPath(path, "images") ?? reader.FindPlaybookPath(path, "files");
        return (await reader.ImageAsync(arguments.Name, cancellation)).Then<ImageFacts>(image => new ImageFacts(image, beside ?? path, beside is not null));
    }

    public override TaskPlan Plan(ImageArguments arguments, ImageFacts known, ModuleContext context)
    {
        var facts = known.Image;
        if (arguments.State == "absent")
        {
            return new TaskPlan(facts is null ? [] : [new RemoveImage(arguments.Name, arguments.ForceAbsent)], Results.Of(("name", arguments.Name), ("image", Image(facts))));
        }

        if (facts is not null)
        {
            return TaskPlan.Nothing(Results.Of(("name", arguments.Name), ("image", Image(facts))));
        }

        var result = Results.Of(("name", arguments.Name));
        return new TaskPlan([known.Path is { } path ? new LoadImage(path, arguments.Name) { IsBeside = known.IsBeside } : new PullImage(arguments.Name)], result)
        {
            Report = outcomes => outcomes[^1].Error is not null ? Results.Failed(outcomes[^1]) : result.With("image", Results.Of(("Id", outcomes[^1].Note ?? ""))),
        };
    }

    private static DictValue Image(ImageState? image) => image is null
        ? DictValue.Empty
        : Results.Of(("Id", image.Id), ("RepoTags", Results.List(image.Tags)), ("RepoDigests", Results.List(image.Digests)));
}
