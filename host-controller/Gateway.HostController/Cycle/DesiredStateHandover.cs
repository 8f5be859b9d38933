using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Cycle;

/// <summary>
/// Hands the desired state of a bundle to the supervisor: into the file that its configuration watches. The supervisor
/// verifies it by itself, so its own signature comes along.
/// </summary>
internal sealed class DesiredStateHandover(HostPaths paths)
{
    private const string Name = "desired-state.yaml";
    private const string Suffix = ".asc";
    private const int LargestFile = SourceText.LargestDocument;

    /// <summary>What was done, for the log; null when the bundle has none or the supervisor has it already.</summary>
    public Result<string?> HandOver(string bundle)
    {
        if (!AtomicFile.ReadIfThere(Path.Combine(bundle, Name), LargestFile).TryGet(out var document, out var failures)
            || !AtomicFile.ReadIfThere(Path.Combine(bundle, Name + Suffix), LargestFile).TryGet(out var signature, out failures))
        {
            return failures;
        }

        if (document is null)
        {
            return (string?)null;
        }

        if (!Watched().TryGet(out var file, out failures))
        {
            return failures;
        }

        // The signature first: the supervisor looks when the document changes.
        var written = false;
        foreach (var (path, content) in new[] { (file + Suffix, signature), (file, document) }.Where(pair => pair.Item2 is not null))
        {
            if (!AtomicFile.WriteIfChanged(paths.On(path), content!, AtomicFile.WorldReadable).TryGet(out var isNew, out failures))
            {
                return failures;
            }

            written |= isNew;
        }

        return written ? $"the desired state of the bundle was put to {file}" : (string?)null;
    }

    private Result<string> Watched()
    {
        const string Configuration = "/etc/gateway/supervisor.yaml";
        var read = AtomicFile.ReadIfThere(paths.On(Configuration), LargestFile);
        var file = read is { IsSuccess: true, Value: { } content } && YamlReader.Read(new SourceText(Configuration, content)) is { IsSuccess: true, Value: YamlMapping mapping }
            ? (mapping["desired_state"] as YamlScalar)?.Text
            : null;
        return file is ['/', ..]
            ? file
            : new Failure(Phase.Apply, Name, $"the bundle holds a desired state, and {Configuration} names no file for it: set desired_state there");
    }
}
