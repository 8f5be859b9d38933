namespace Gateway.Playbooks.Modules;

/// <summary>Room on a file system (statvfs(3)): blocks are counted in units of the fragment size, in bytes.</summary>
public sealed record FileSystemSpace(long BlockSize, long FragmentSize, long Blocks, long Available, long Files, long FreeFiles);
