using System.Diagnostics;
using System.Text;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;
using Gateway.UnitTests.Playbooks.Expressions;

namespace Gateway.UnitTests.Playbooks;

/// <summary>Senseless YAML, playbooks and templates, made from pieces of sensible ones: refused or read, never a crash, never for long.</summary>
public sealed class RandomInputTests
{
    private static readonly string[] Plays =
    [
        "- hosts: all\n", "  tasks:\n", "    - debug: {msg: x}\n", "  vars: {a: [1, 2]}\n", "    - block:\n", "        - command: ls\n", "      rescue:\n", "      when: a is defined\n",
        "  roles: [a]\n", "- import_playbook: x.yml\n", "    - include_tasks: {file: x, apply: {tags: y}}\n", "      loop: '{{ a }}'\n", "    - action: copy src=a dest=b\n", "  handlers: ~\n", "&a ", "*a", "<<: ",
        "!unsafe ", "? ", ": ", "|\n", "'", "\"", "{{", "}}", "[", "]", "{", "}", "\t", "---\n", "\ud83d\ude00", "0644", "\n", "    ", "%",
    ];

    private static readonly string[] Templates =
    [
        "{{ ", " }}", "{% if x %}", "{% endif %}", "{% for i in l %}", "{% endfor %}", "{% set y = ", " %}", "x", "l", "d.a", " | ", "join(',')", "map('upper')", "default(", ")", "(", "[", "]", "{", "}", ",",
        " + ", " ** ", "999999999", " * ", "'text'", " is ", "defined", " not ", " in ", "range(1000000000)", "lookup('items', ", "{# ", " #}", "{% raw %}", "{% endraw %}", "{% macro m() %}", "{% endmacro %}", "m()",
        "\\", "\n", "-%}", "regex_replace('(a+)+$', 'b')", "to_nice_yaml", ":", "=", "~", "if", "else",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Playbooks_of_pieces_are_read_or_refused(int seed) => Each(seed, Plays, text =>
        PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", Encoding.UTF8.GetBytes(text))), ParseOptions.Unsigned));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Templates_of_pieces_are_rendered_or_refused(int seed) => Each(seed, Templates, text => new Templar().Render(text, Cases.At, Cases.Variables));

    private static void Each<T>(int seed, string[] pieces, Func<string, T> read)
    {
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(25)).Select(_ => pieces[random.Next(pieces.Length)]));
            var begun = Stopwatch.GetTimestamp();
            _ = read(text);
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10), text);
        }
    }
}
