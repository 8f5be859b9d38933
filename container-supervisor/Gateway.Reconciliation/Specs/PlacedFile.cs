using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>A file of the document at its place on the host.</summary>
/// <param name="File">What to write.</param>
/// <param name="Identity">SHA-256 of content, mode and owner, hexadecimal: the name of the folder it lies in. Another content lies elsewhere, so that a container that is put back finds its own.</param>
/// <param name="Path">Its path on the host.</param>
public sealed record PlacedFile(InlineFile File, string Identity, string Path)
{
    internal static PlacedFile At(string root, Application application, Service service, InlineFile file)
    {
        var text = $"{file.Mode.ToString(CultureInfo.InvariantCulture)}:{file.Uid.ToString(CultureInfo.InvariantCulture)}:{file.Gid.ToString(CultureInfo.InvariantCulture)}:{file.Content}";
        var identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new PlacedFile(file, identity, $"{root}/{application.Name}/{service.Name}/{identity}/{file.Target[(file.Target.LastIndexOf('/') + 1)..]}");
    }
}
