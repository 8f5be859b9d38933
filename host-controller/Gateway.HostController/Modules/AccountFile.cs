using System.Globalization;
using System.Text;
using Gateway.Core.State;

namespace Gateway.HostController.Modules;

/// <summary>Names and numbers of <c>/etc/passwd</c> or <c>/etc/group</c> (passwd(5), group(5)), read anew each time: tasks change them.</summary>
internal sealed class AccountFile(string path)
{
    private const int Largest = 4 * 1024 * 1024;

    public int? Number(string name) => Lines().Where(fields => fields[0] == name).Select(Id).FirstOrDefault();

    public string? Name(int number) => Lines().Where(fields => Id(fields) == number).Select(fields => fields[0]).FirstOrDefault();

    /// <summary>The home folder, in a file of users.</summary>
    public string? Home(string name) => Lines().Where(fields => fields[0] == name && fields.Length >= 6).Select(fields => fields[5]).FirstOrDefault();

    private IEnumerable<string[]> Lines() => AtomicFile.ReadIfThere(path, Largest).TryGet(out var content, out _) && content is not null
        ? Encoding.UTF8.GetString(content).Split('\n').Select(line => line.Split(':')).Where(fields => fields.Length >= 3)
        : [];

    private static int? Id(string[] fields) => int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
