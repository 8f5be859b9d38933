using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Configuration;

/// <summary>Where the configuration lies; read afresh each time. Of the last one the daemon worked by a copy is kept, so that a broken one does not end the failsafe.</summary>
/// <param name="path">The file.</param>
/// <param name="copy">Where the last good one is kept; null to keep none.</param>
internal sealed class ConfigurationSource(string path, string? copy)
{
    /// <summary>The configuration, or all that is wrong with it.</summary>
    public Result<HostConfiguration> Load()
    {
        if (!AtomicFile.ReadIfThere(path, SourceText.LargestDocument).TryGet(out var content, out var failures))
        {
            return failures[0] with { Phase = Phase.Configuration };
        }

        return content is null
            ? new Failure(Phase.Configuration, path, "there is no configuration: write at least 'gateway_id: <id>', or name another file with --config")
            : ConfigurationReader.Read(new SourceText(path, content));
    }

    /// <summary>The configuration as the daemon needs it, with a playbook URL.</summary>
    public Result<HostConfiguration> LoadComplete() => Load().Then(configuration => UrlOf(configuration).Then<HostConfiguration>(_ => configuration));

    /// <summary>The configuration; or the last good one, whose notices tell what is wrong with the newer. What is wrong, when there is none.</summary>
    public Result<HostConfiguration> LoadOrKept()
    {
        var loaded = LoadComplete();
        return loaded.IsSuccess || Kept() is not { } kept
            ? loaded
            : kept with { Notices = [.. kept.Notices, .. loaded.Failures.Select(failure => $"{failure}; the last good configuration stays in force until this is mended")] };
    }

    /// <summary>What the daemon works by, as far as can be told from here: for those who only look.</summary>
    public Result<HostConfiguration> LoadToLook() => LoadOrKept() is { IsSuccess: true } found ? found : Load();

    /// <summary>The configuration, complete where a daemon has worked by it: on a machine that is only applied to by hand a URL is not missed.</summary>
    public Result<HostConfiguration> LoadAsNeeded() => Kept() is null ? Load() : LoadComplete();

    /// <summary>Keeps a copy of what was just loaded for <see cref="LoadOrKept"/>; false when it was there already.</summary>
    public Result<bool> Keep() => AtomicFile.ReadIfThere(path, SourceText.LargestDocument).Then(content =>
        content is null || copy is null ? false : AtomicFile.WriteIfChanged(copy, content, AtomicFile.OwnerOnly));

    /// <summary>The playbook URL, or that it is missing.</summary>
    public Result<PlaybookUrl> UrlOf(HostConfiguration configuration) =>
        configuration.PlaybookUrl is { } url
            ? url
            : new Failure(Phase.Configuration, path, "'playbook_url' is missing: run and daemon need to know where the playbook is");

    private HostConfiguration? Kept() =>
        copy is not null && AtomicFile.ReadIfThere(copy, SourceText.LargestDocument) is { IsSuccess: true, Value: { } content }
            && ConfigurationReader.Read(new SourceText(path, content)) is { IsSuccess: true, Value: { PlaybookUrl: not null } kept } ? kept : null;
}
