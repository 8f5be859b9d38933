using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Permission bits as Ansible takes them: a number, octal digits, or <c>u=rw,g+X</c> (chmod(1), ansible/module_utils/basic.py).</summary>
internal static class FileMode
{
    private const int PermissionBits = 0xFFF;
    private const string Users = "ugo";
    private const string Letters = "rwxXstugo";

    /// <summary>The bits, or null when the text is neither octal nor symbolic.</summary>
    public static int? Of(Value mode, FileState on, int umask)
    {
        if (mode is IntValue number)
        {
            return number.Value is >= 0 and <= int.MaxValue ? (int)number.Value & PermissionBits : null;
        }

        var text = mode.ToString();
        return Octal(text.Trim()) is { } octal ? octal & PermissionBits : Symbolic(text, on, umask);
    }

    /// <summary>What Ansible adds to a mode it cannot read: the first part that is wrong.</summary>
    public static string Details(Value mode) =>
        mode.ToString().Split(',').FirstOrDefault(part => Symbolic(part, new FileState(FileKind.File, 0, 0, 0), 0) is null) is not { } wrong ? $"bad symbolic permission for mode: {mode}"
            : Stray(wrong) is { } stray ? $"'{stray}'"
            : $"bad symbolic permission for mode: {wrong}";

    /// <summary>Ansible looks at the first letter only before it goes on, and then trips over another one.</summary>
    private static char? Stray(string part)
    {
        var parts = part.Split('+', '-', '=');
        return (parts[0].Length > 0 && !Users.Contains(parts[0][0], StringComparison.Ordinal) && parts[0] != "a") || parts.Skip(1).Any(letters => letters.Length > 0 && !Letters.Contains(letters[0], StringComparison.Ordinal)) ? null
            : parts.Skip(1).SelectMany(letters => letters).Cast<char?>().FirstOrDefault(letter => !Letters.Contains(letter!.Value, StringComparison.Ordinal))
                ?? parts[0].Cast<char?>().FirstOrDefault(user => !Users.Contains(user!.Value, StringComparison.Ordinal));
    }

    /// <summary>Whether a mode can be read at all, whatever file it is for.</summary>
    public static bool IsValid(Value mode) => Of(mode, new FileState(FileKind.File, 0, 0, 0), 0) is not null;

    private static int? Octal(string text)
    {
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        return digits.Length is > 0 and <= 8 && digits.All(c => c is >= '0' and <= '7')
            ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) is var _ ? Convert.ToInt32(digits, 8) : null
            : null;
    }

    private static int? Symbolic(string text, FileState on, int umask)
    {
        var mode = on.Mode;
        foreach (var part in text.Split(','))
        {
            var first = part.AsSpan().IndexOfAny("+-=");
            if (first < 0)
            {
                // Nothing is done, but it must begin with a user.
                if (part.Length > 0 && part != "a" && !Users.Contains(part[0], StringComparison.Ordinal))
                {
                    return null;
                }

                continue;
            }

            var users = part[..first];
            var useUmask = users.Length == 0;
            users = users is "" or "a" ? Users : users;
            if (users.Any(c => !Users.Contains(c, StringComparison.Ordinal)) || Apply(part[first..], users, useUmask, on, umask, mode) is not { } next)
            {
                return null;
            }

            mode = next;
        }

        return mode;
    }

    private static int? Apply(string operations, string users, bool useUmask, FileState on, int umask, int mode)
    {
        var at = 0;
        while (at < operations.Length)
        {
            var operation = operations[at];
            var end = operations.AsSpan(at + 1).IndexOfAny("+-=") is var next and >= 0 ? at + 1 + next : operations.Length;
            var permissions = operations[(at + 1)..end];
            if (permissions.Any(c => !Letters.Contains(c, StringComparison.Ordinal)))
            {
                return null;
            }

            foreach (var user in users)
            {
                var bits = permissions.Aggregate(0, (all, permission) => all | Bits(user, permission, useUmask, on, umask));
                mode = operation switch
                {
                    '+' => mode | bits,
                    '-' => mode & ~bits,
                    _ => (mode & ~Mask(user)) | bits,
                };
            }

            at = end;
        }

        return mode;
    }

    private static int Mask(char user) => user switch
    {
        'u' => Convert.ToInt32("4700", 8),
        'g' => Convert.ToInt32("2070", 8),
        _ => Convert.ToInt32("1007", 8),
    };

    private static int Bits(char user, char permission, bool useUmask, FileState on, int umask)
    {
        var shift = user switch { 'u' => 6, 'g' => 3, _ => 0 };
        var bits = permission switch
        {
            'r' => 4 << shift,
            'w' => 2 << shift,
            'x' => 1 << shift,
            'X' => on.Kind == FileKind.Directory || (on.Mode & 0x49) != 0 ? 1 << shift : 0,
            's' => user switch { 'u' => 0x800, 'g' => 0x400, _ => 0 },
            't' => user == 'o' ? 0x200 : 0,
            'u' => ((on.Mode >> 6) & 7) << shift,
            'g' => ((on.Mode >> 3) & 7) << shift,
            _ => (on.Mode & 7) << shift,
        };
        return useUmask && permission is 'r' or 'w' or 'x' && useUmask ? bits & ~umask : bits;
    }
}
