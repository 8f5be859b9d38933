using System.Collections.Immutable;
using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>One line of an authorized_keys file (sshd(8)).</summary>
/// <param name="Options">What the key may do, as written; empty for anything.</param>
/// <param name="Type">As <c>ssh-ed25519</c>.</param>
/// <param name="Key">The key in base64: what makes two lines the same key.</param>
/// <param name="Comment">The rest of the line.</param>
public sealed record AuthorizedKey(string Options, string Type, string Key, string Comment)
{
    private static readonly ImmutableArray<string> Types =
    [
        "ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
        "ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    ];

    /// <summary>The key in a line; null when there is none: an empty line, a comment, something else.</summary>
    public static AuthorizedKey? Parse(string line)
    {
        line = line.Trim();
        var words = Words(line);
        var type = words.FindIndex(word => Types.Contains(line[word]));
        if (line.StartsWith('#') || type < 0 || type > 1 || type + 1 >= words.Count)
        {
            return null;
        }

        var comment = type + 2 < words.Count ? line[words[type + 2].Start.Value..] : "";
        return new AuthorizedKey(type == 1 ? line[words[0]] : "", line[words[type]], line[words[type + 1]], comment);
    }

    public override string ToString()
    {
        var line = new StringBuilder(Options).Append(Options.Length > 0 ? " " : "").Append(Type).Append(' ').Append(Key);
        return line.Append(Comment.Length > 0 ? " " : "").Append(Comment).ToString();
    }

    /// <summary>Words at white space, which quotes of options hold together.</summary>
    private static List<Range> Words(string line)
    {
        var words = new List<Range>();
        var (begin, quoted) = (-1, false);
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || (!quoted && line[i] is ' ' or '\t'))
            {
                if (begin >= 0)
                {
                    words.Add(begin..i);
                }

                begin = -1;
                continue;
            }

            begin = begin < 0 ? i : begin;
            quoted ^= line[i] == '"' && line[i - 1 < 0 ? 0 : i - 1] != '\\';
        }

        return words;
    }
}
