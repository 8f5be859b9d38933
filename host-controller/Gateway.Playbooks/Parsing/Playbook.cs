using System.Collections.Immutable;
using Gateway.Core.Releases;

namespace Gateway.Playbooks.Parsing;

/// <summary>A playbook that parsed whole: every keyword, module and argument name in it is known.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Sha256">Of its exact bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Release">The release block; null when none was asked for (<c>--unsigned</c>).</param>
/// <param name="Plays">The plays in order.</param>
public sealed record Playbook(string Name, string Sha256, Release? Release, ImmutableArray<Play> Plays)
{
    /// <summary>How it was read, for what is included while it runs.</summary>
    public ParseOptions Options { get; init; } = ParseOptions.Signed;

    /// <summary>Every task of every play, handlers, rescue and always parts included.</summary>
    public IEnumerable<TaskItem> AllTasks => Plays.SelectMany(play => play.AllTasks);
}
