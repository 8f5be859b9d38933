namespace Gateway.Bench;

/// <summary>A program to measure.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Command(string Name, string Program, params string[] Arguments)
{
    public string WorkingDirectory { get; init; } = "/";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Done before each counted run, not measured.</summary>
    public Action? Before { get; init; }
}
