using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>What facts are read from.</summary>
/// <param name="Reader">The machine.</param>
/// <param name="Gathered">When they were gathered.</param>
/// <param name="LocalFolder">Where local facts lie.</param>
internal sealed record FactSource(IHostReader Reader, DateTimeOffset Gathered, string LocalFolder)
{
    private const long Largest = 256 * 1024;

    /// <summary>A file of the gateway; empty when it cannot be read.</summary>
    public string Text(string path) => Text(Reader, path);

    /// <summary>A file of the kernel, without its last line break; empty when it cannot be read.</summary>
    public string Kernel(string path) => Text(Reader.Machine, path).TrimEnd('\n', '\0');

    private static string Text(IHostReader reader, string path) => reader.ReadFile(path, Largest).TryGet(out var content, out _) ? Encoding.UTF8.GetString(content.Span) : "";
}
