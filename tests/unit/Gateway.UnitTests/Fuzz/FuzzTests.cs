using System.Globalization;
using Xunit.Abstractions;

namespace Gateway.UnitTests.Fuzz;

/// <summary>
/// Whatever comes from outside is read or refused: never an exception, never more than 64 MB alive, never more than a
/// second for a mebibyte. A bounded run here; longer ones by <c>make fuzz SEED=… COUNT=…</c>. Case <c>i</c> of a seed is
/// always the same, whatever the count.
/// </summary>
[Collection("alone")]
public class FuzzTests(ITestOutputHelper output)
{
    private const int LargeEvery = 100;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") is { Length: > 0 } seed ? seed : "1", CultureInfo.InvariantCulture);

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("FUZZ_COUNT") is { Length: > 0 } count ? count : "200", CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Targets))]
    public void Senseless_documents_cost_little_and_end_in_a_failure(string name)
    {
        var target = FuzzTarget.All.Single(target => target.Name == name);
        foreach (var valid in target.Valid)
        {
            _ = target.Read(System.Text.Encoding.UTF8.GetBytes(valid));
        }

        var (seconds, megabytes, taken) = (0.0, 0.0, 0);
        for (var i = 0; i < Count; i++)
        {
            var bytes = Document(target, i);
            var told = new List<string>();
            var cost = Cost.Of(() => told = [.. target.Read(bytes).Select(failure => failure.ToString())]);
            (seconds, megabytes, taken) = (Math.Max(seconds, cost.Seconds), Math.Max(megabytes, cost.Megabytes), taken + (told.Count == 0 ? 1 : 0));
            if (cost.IsTooMuch || told.Any(line => line.Length > 5000 || line.Contains('\n', StringComparison.Ordinal)))
            {
                Assert.Fail($"{name}, seed {Seed}, case {i}: {cost.Seconds:0.00} s, {cost.Megabytes:0} MB, {cost.Exception?.ToString() ?? "no exception"}; {told.Count} failures; the document is {Kept(name, i, bytes)}");
            }
        }

        output.WriteLine($"{name}: {Count} documents, {taken} taken; at most {seconds:0.00} s and {megabytes:0} MB");
    }

    /// <summary>Half of them changed as texts, half as trees.</summary>
    private static byte[] Document(FuzzTarget target, int index)
    {
        var random = new Random(HashOf(Seed, index));
        var isLarge = index % LargeEvery >= LargeEvery - 2;
        return index % 2 == 0
            ? isLarge ? new Mutator(random).Large(target.Valid) : new Mutator(random).Small(target.Valid)
            : isLarge ? new TreeMutator(random).Large(target.Valid) : new TreeMutator(random).Small(target.Valid);
    }

    private static int HashOf(int seed, int index) => unchecked((seed * 1_000_003) ^ (index * 7919));

    private static string Kept(string name, int index, byte[] bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"fuzz-{name}-{Seed}-{index}");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
