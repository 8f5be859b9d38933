using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust.OpenPgp;

namespace Gateway.Core.Trust;

/// <summary>All keys of the trusted directory, and what was wrong with files in it.</summary>
public sealed class TrustedKeyring
{
    private const int LargestFile = 1024 * 1024;
    private const int MostFiles = 1024;

    private readonly ImmutableArray<KeyCopies> copies;

    private TrustedKeyring(ImmutableArray<KeyCopies> copies, ImmutableArray<string> warnings)
    {
        this.copies = copies;
        Keys = [.. copies.Select(key => key.Describe())];
        Warnings = warnings;
    }

    /// <summary>One entry per primary key, expired and revoked ones included.</summary>
    public ImmutableArray<TrustedKey> Keys { get; }

    /// <summary>One line per file that was skipped and why, and per file or folder that others can write.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>
    /// Fingerprints of the keys that are not revoked: signers of release marks that still hold. An expired key stays in,
    /// else its expiry would open the way to old releases signed by another.
    /// </summary>
    public ImmutableHashSet<string> Signers => [.. Keys.Where(key => !key.Revoked).Select(key => key.Fingerprint)];

    /// <summary>
    /// Binary keyrings for gpgv, to be tried in turn while the answer is that the key has expired: first every key with
    /// all its copies merged, then the copies by themselves. Each holds every revocation.
    /// </summary>
    internal IEnumerable<byte[]> Keyrings
    {
        get
        {
            yield return Write(copies.Select(key => key.Union));
            for (var i = 0; copies.Any(key => i < key.Single.Length); i++)
            {
                yield return Write(copies.Where(key => i < key.Single.Length).Select(key => key.Single[i]));
            }
        }
    }

    /// <summary>Reads a folder of <c>*.gpg</c> and <c>*.asc</c>, or one such file. A file that cannot be read is a warning.</summary>
    public static TrustedKeyring Read(string path)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var certificates = new List<Certificate>();
        var revocations = new List<Packet>();
        foreach (var file in Files(path, warnings))
        {
            try
            {
                WarnIfOthersCanWrite(file, warnings);
                var content = KeyFile.Read(Content(file));
                certificates.AddRange(content.Certificates);
                revocations.AddRange(content.Revocations);
            }
            catch (Exception e) when (e is OpenPgpRefusedException or IOException or UnauthorizedAccessException)
            {
                warnings.Add(OneLine.Of($"{file}: skipped: {SystemErrors.Text(e)}"));
            }
        }

        var keys = certificates.GroupBy(copy => copy.Fingerprint, StringComparer.Ordinal)
            .Select(group => new KeyCopies([.. group], revocations));
        return new TrustedKeyring([.. keys], warnings.ToImmutable());
    }

    private static ImmutableArray<string> Files(string path, ImmutableArray<string>.Builder warnings)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        try
        {
            WarnIfOthersCanWrite(path, warnings);
            ImmutableArray<string> files = [.. Directory.EnumerateFiles(path).Where(IsKeyFile).Order(StringComparer.Ordinal)];
            if (files.Length > MostFiles)
            {
                warnings.Add($"{path}: holds {files.Length} key files; the first {MostFiles} are read");
            }

            return [.. files.Take(MostFiles)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warnings.Add(OneLine.Of($"{path}: cannot be read: {SystemErrors.Text(e)}"));
            return [];
        }
    }

    private static void WarnIfOthersCanWrite(string path, ImmutableArray<string>.Builder warnings)
    {
        if (Path.Exists(path) && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != UnixFileMode.None)
        {
            warnings.Add(OneLine.Of($"{path}: anybody on this machine can write it and so decide who is trusted; run: chmod o-w {path}"));
        }
    }

    private static bool IsKeyFile(string file) =>
        Path.GetExtension(file) is ".gpg" or ".asc" && !Path.GetFileName(file).StartsWith('.');

    private static byte[] Content(string file)
    {
        if (!AtomicFile.ReadIfThere(file, LargestFile).TryGet(out var content, out var failures))
        {
            throw new OpenPgpRefusedException(failures[0].Message);
        }

        return content ?? throw new OpenPgpRefusedException("is gone or leads nowhere");
    }

    private static byte[] Write(IEnumerable<Certificate> certificates)
    {
        using var keyring = new MemoryStream();
        foreach (var certificate in certificates)
        {
            certificate.WriteTo(keyring);
        }

        return keyring.ToArray();
    }
}
