using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>How an option's value is read (docs.ansible.com, "Argument spec").</summary>
public enum OptionType
{
    /// <summary>A text; numbers and truth values become their text.</summary>
    Text,

    /// <summary>yes, no, on, off, true, false, 1, 0.</summary>
    Boolean,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A text; <c>~</c> and <c>$NAME</c> are expanded.</summary>
    Path,

    /// <summary>A list of texts; a text is split at commas.</summary>
    Texts,

    /// <summary>Anything, as it is.</summary>
    Raw,

    /// <summary>Anything, before templates in it are rendered: conditions.</summary>
    Unrendered,
}

/// <summary>One option of a module.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Type">How its value is read.</param>
public sealed record Option(string Name, OptionType Type = OptionType.Text)
{
    /// <summary>Other names of it.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The only values it may have; empty for any.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>What it is when it is not given; null for nothing.</summary>
    public Value? Default { get; init; }

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it names a path that the module writes to.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Whether it begins with a program that the module runs.</summary>
    public bool IsProgram { get; init; }

    /// <summary>Whether null is a value like another, not the same as leaving the option out.</summary>
    public bool KeepsNull { get; init; }

    /// <summary>Choices that Ansible has and this module refuses, or the one value it may not be set to, with the reason.</summary>
    public ImmutableDictionary<string, string> Refused { get; init; } = ImmutableDictionary<string, string>.Empty;
}
