using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Signing;

/// <summary>Makes keys and signatures with gpg.</summary>
internal static class SigningKeys
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a key that can sign and certify; gives its fingerprint.</summary>
    public static async Task<Result<string>> MakeAsync(Gpg gpg, string? home, KeyRequest request, CancellationToken cancellation)
    {
        if (home is not null && !Directory.Exists(home))
        {
            Directory.CreateDirectory(home, Owner);
        }

        ImmutableArray<string> passphrase = request.HasPassphrase ? [] : ["--pinentry-mode", "loopback", "--passphrase", ""];
        var made = await gpg.RunAsync(
            [.. passphrase, "--status-fd", "1", "--quick-generate-key", request.Name, request.Algorithm, "sign", request.Expires],
            $"make a key for '{request.Name}'", default, cancellation);
        return made.Then<string>(status => Fingerprint(status) is { } fingerprint
            ? fingerprint
            : new Failure(Phase.Configuration, "gpg", $"made no key for '{request.Name}' and did not say why"));
    }

    /// <summary>Writes the public certificate of a key, and nothing else, to a file.</summary>
    /// <param name="gpg">Where the key is.</param>
    /// <param name="key">Fingerprint, key id or user id; null for every key of the home.</param>
    /// <param name="file">Replaced if it is there.</param>
    /// <param name="armored">ASCII armor or binary.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Result<Nothing>> ExportAsync(Gpg gpg, string? key, string file, bool armored, CancellationToken cancellation)
    {
        ImmutableArray<string> form = armored ? ["--armor"] : [];
        ImmutableArray<string> which = key is null ? [] : [key];
        var exported = await gpg.RunAsync(
            [.. form, "--yes", "--export-options", "export-minimal", "--output", Path.GetFullPath(file), "--export", .. which],
            $"export the public key to {file}", default, cancellation);
        return exported.Then<Nothing>(_ => File.Exists(file)
            ? default(Nothing)
            : new Failure(Phase.Configuration, "gpg", $"has no key {key} to export"));
    }

    /// <summary>The armored detached signature over the very bytes given.</summary>
    /// <param name="gpg">Where the private key is.</param>
    /// <param name="key">Fingerprint, key id or user id; null for gpg's default key.</param>
    /// <param name="name">What messages call the bytes.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task<Result<string>> SignAsync(Gpg gpg, string? key, string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        ImmutableArray<string> signer = key is null ? [] : ["--local-user", key];
        return gpg.RunAsync(
            [.. signer, "--digest-algo", "SHA512", "--no-emit-version", "--no-comments", "--armor", "--output", "-", "--detach-sign", "-"],
            $"sign {name}", content, cancellation);
    }

    /// <summary>The fingerprint in gpg's <c>KEY_CREATED</c> line (doc/DETAILS of GnuPG).</summary>
    private static string? Fingerprint(string status) => status
        .Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .FirstOrDefault(words => words is ["[GNUPG:]", "KEY_CREATED", _, _, ..])?[3];
}
