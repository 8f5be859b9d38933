using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Configuration;

/// <summary>Where the configuration lies; read afresh each time.</summary>
/// <param name="path">The file.</param>
internal sealed class ConfigurationSource(string path)
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

    /// <summary>The playbook URL, or that it is missing.</summary>
    public Result<PlaybookUrl> UrlOf(HostConfiguration configuration) =>
        configuration.PlaybookUrl is { } url
            ? url
            : new Failure(Phase.Configuration, path, "'playbook_url' is missing: run and daemon need to know where the playbook is");
}
