using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Yaml;

namespace Gateway.UnitTests.Reconciliation.Desired;

/// <summary>A document of 1 MiB costs a bounded time and memory, whatever it holds.</summary>
[Collection("alone")]
public class HostileDocumentTests
{
    private const string Head = "release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}\napplications:\n";
    private const string One = Head + "  app:\n    services:\n      web:\n        image: x\n";

    public static TheoryData<string> Kinds => [.. Documents.Keys];

    private static Dictionary<string, Func<string>> Documents { get; } = new()
    {
        ["misspelt keys of a service"] = () => Filled(One, i => $"        imag{i:x}: 1\n"),
        ["misspelt keys of the document"] = () => Filled(One, i => $"k{i:x}: 1\n"),
        ["long misspelt keys"] = () => Filled(One, i => $"        {new string('a', 56)}{i:x5}: 1\n"),
        ["services without an image"] = () => Filled(Head, i => i % 500 == 0 ? $"  a{i:x}:\n    services:\n" : $"      s{i:x}: {{}}\n"),
        ["services with ranges of ports"] = () => Filled(Head, i => i % 500 == 0 ? $"  a{i:x}:\n    services:\n" : $"      s{i:x}: {{image: x, ports: [1-1024], expose: [1-1024]}}\n"),
        ["ranges of ports"] = () => Filled(One + "        ports:\n", _ => "        - 1-1024\n"),
        ["networks, each used"] = () => Filled(Head + "  app:\n    networks:\n", i => $"      n{i:x}:\n", Head.Length + 500_000) + Filled("    services:\n      web:\n        image: x\n        networks:\n", i => $"        - m{i:x}\n", 500_000),
        ["volumes that are not named"] = () => Filled(One + "        volumes:\n", i => $"        - v{i:x}:/d{i:x}\n"),
        ["dependencies that do not exist"] = () => Filled(One + "        depends_on:\n", i => $"        - w{i:x}\n"),
        ["a long text repeated by an alias"] = () => Filled(One + $"        user: &a {new string('x', 500_000)}\n        environment:\n", i => $"          A{i:x}: *a\n"),
        ["a name of a megabyte"] = () => Head + "  app:\n    services:\n      web:\n        image: x\n        ? " + new string('a', 1_000_000) + "\n        : 1\n",
        ["profiles"] = () => Filled(Head, i => i % 500 == 0 ? $"  a{i:x}:\n    services:\n" : $"      s{i:x}: {{image: x, profiles: [a]}}\n"),
        ["deep nesting"] = () => One + "        x-create-options: " + new string('[', 1_000_000),
        ["devices of many alternatives"] = () => One + "        devices: ['" + string.Concat(Enumerable.Repeat("/dev/a|", 140_000)) + "/dev/b']\n",
        ["a command of a million words"] = () => One + "        command: " + string.Concat(Enumerable.Repeat("a ", 500_000)) + "\n",
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_document_full_of(string kind)
    {
        var text = Documents[kind]();
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 700_000, SourceText.LargestDocument);
        _ = Given.Parse(One);
        var (seconds, megabytes, failures) = Cost(text);

        Assert.InRange(failures, 0, 100);
        Assert.True(seconds < 10, $"took {seconds:0.00} s of processor time");
        Assert.True(megabytes < 64, $"held {megabytes:0} MB");
    }

    [Fact]
    public void Any_bytes_are_refused_or_read_and_never_throw() =>
        Prop.ForAll(Fragments().ToArbitrary(), text =>
        {
            var result = Given.Parse(text);
            return result.IsSuccess || result.Failures.All(failure => failure.ToString().Length < 5000 && !failure.ToString().Contains('\n', StringComparison.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>Documents put together from pieces that mean something here, in senseless order.</summary>
    private static Gen<string> Fragments() =>
        Gen.Elements(
            "image: x", "ports: ", "[1-2:1-3]", "{", "}", "[", "]", "\n", "\n        ", ": ", "- ", "&a ", "*a", "<<: *a", "'", "\"", "depends_on: [web]", "networks:", "volumes: [a:/b]",
            "x-create-options: {HostConfig: {}}", "deploy: {resources: {limits: {memory: 1m}}}", "healthcheck: {test: x}", "environment: [A=1]", "mem_limit: ", "-1", "1e99", "99999999999999999999",
            "null", "~", "\0", "\u2028", "é", "devices: [\"/dev/*|/dev/a:/dev/b:rwm\"]", "ulimits: {nofile: {soft: 1, hard: 2}}", "restart: on-failure:3", "command: \"a 'b\"", "!!str ", "!evil ", "? ", "# ", "|\n", "%YAML 1.1\n", "---\n")
        .ListOf(30)
        .Select(pieces => One + "        " + string.Concat(pieces));

    private static string Filled(string head, Func<int, string> line, int size = 1_020_000)
    {
        var text = new StringBuilder(head);
        for (var i = 0; text.Length < size; i++)
        {
            text.Append(line(i));
        }

        return text.ToString();
    }

    private static (double Seconds, double Megabytes, int Failures) Cost(string text)
    {
        var document = Encoding.UTF8.GetBytes(text);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        // Of the processor, not of the clock: other work on the machine is not counted.
        var begun = Environment.CpuUsage.TotalTime;
        var result = Given.Parse(text);
        var seconds = (Environment.CpuUsage.TotalTime - begun).TotalSeconds;
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(result);
        GC.KeepAlive(document);
        return (seconds, held / 1048576.0, result.IsSuccess ? 0 : result.Failures.Length);
    }
}

/// <summary>Tests that measure run beside no others.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
