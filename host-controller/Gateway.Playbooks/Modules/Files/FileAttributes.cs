using System.Collections.Immutable;
using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Owner, group and mode as a task asks for them; null leaves one alone.</summary>
public sealed record FileAttributes(string? Owner, string? Group, Value? Mode)
{
    /// <summary>The options, for every module that writes files.</summary>
    internal static ImmutableArray<Option> Options { get; } =
    [
        new Option("owner"),
        new Option("group"),
        new Option("mode", OptionType.Raw),
    ];

    /// <summary>Ansible's further options of this kind.</summary>
    internal static ImmutableArray<string> NotSupported { get; } = ["attributes", "attr", "selevel", "serole", "setype", "seuser", "unsafe_writes"];

    internal static FileAttributes Of(OptionValues options) => new(options.Text("owner"), options.Text("group"), options.Raw("mode"));

    /// <summary>What they are on this machine.</summary>
    internal WantedAttributes Resolve(IHostReader reader)
    {
        var uid = Number(Owner, reader.UserId);
        var gid = Number(Group, reader.GroupId);
        return new WantedAttributes(uid, gid, Mode, reader.Umask)
        {
            Problem = Owner is not null && uid is null ? $"chown failed: failed to look up user {Owner}"
                : Group is not null && gid is null ? $"chgrp failed: failed to look up group {Group}"
                : Mode is { } mode && !FileMode.IsValid(mode) ? "mode must be in octal or symbolic form"
                : null,
        };
    }

    private static int? Number(string? name, Func<string, int?> lookUp) =>
        name is null ? null : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : lookUp(name);
}

/// <summary>Owner, group and mode as this machine has them.</summary>
public sealed record WantedAttributes(int? Uid, int? Gid, Value? Mode, int Umask)
{
    /// <summary>Why they cannot be had, in Ansible's words; null when they can.</summary>
    public string? Problem { get; init; }

    /// <summary>The failure of a task at a path, which says what is wrong with the mode where it is that.</summary>
    internal TaskPlan Failure(string path) => Mode is { } mode && !FileMode.IsValid(mode) && Problem?.StartsWith("mode", StringComparison.Ordinal) == true
        ? TaskPlan.Failure(Problem, ("path", path), ("details", FileMode.Details(mode)))
        : TaskPlan.Failure(Problem!, ("path", path));

    /// <summary>The mode a file that is to be made shall have; null when the task does not say.</summary>
    public int? ModeOn(FileState state) => Mode is null ? null : FileMode.Of(Mode, state, Umask);
}
