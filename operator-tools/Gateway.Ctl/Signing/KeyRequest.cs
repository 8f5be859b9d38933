namespace Gateway.Ctl.Signing;

/// <summary>A signing key to be made.</summary>
/// <param name="Name">Its user id: a name, a mail address in angle brackets or both.</param>
/// <param name="Algorithm">As gpg names it: <c>ed25519</c>, <c>rsa4096</c>, <c>nistp256</c> …</param>
/// <param name="Expires">As gpg takes it: <c>2y</c>, <c>18m</c>, a date, or <c>never</c>.</param>
/// <param name="HasPassphrase">False: the private key lies unprotected in gpg's home; for automation and demonstrations.</param>
internal sealed record KeyRequest(string Name, string Algorithm, string Expires, bool HasPassphrase);
