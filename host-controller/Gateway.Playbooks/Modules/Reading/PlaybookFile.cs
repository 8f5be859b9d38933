namespace Gateway.Playbooks.Modules;

/// <summary>A file beside an unsigned playbook, or one that was signed with it.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="State">What it is.</param>
/// <param name="Content">What it holds.</param>
public sealed record PlaybookFile(string Path, FileState State, ReadOnlyMemory<byte> Content);
