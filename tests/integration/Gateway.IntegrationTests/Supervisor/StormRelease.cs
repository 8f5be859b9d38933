using System.Collections.Immutable;
using System.Globalization;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>One release of the torture's application: a chain of services, and one that comes and goes.</summary>
/// <param name="Services">By name: the image and the number that tells one version of the service from another.</param>
/// <param name="IsGood">Whether all its images get healthy.</param>
public sealed record StormRelease(ImmutableSortedDictionary<string, (string Image, int Number)> Services, bool IsGood)
{
    public const string Application = "storm";

    /// <summary>The next one: at least one service differs, now and then one is added, removed or broken.</summary>
    /// <param name="before">The one that is committed.</param>
    /// <param name="number">The number of this release.</param>
    /// <param name="random">Decides.</param>
    /// <param name="good">Images that get healthy.</param>
    /// <param name="bad">Images that do not.</param>
    public static StormRelease After(StormRelease before, int number, Random random, IReadOnlyList<string> good, IReadOnlyList<string> bad)
    {
        var services = before.Services;
        foreach (var name in services.Keys.Where(_ => random.Next(3) == 0).Append("base").Distinct(StringComparer.Ordinal).Where(name => name != "base" || random.Next(2) == 0).ToList())
        {
            services = services.SetItem(name, (good[random.Next(good.Count)], number));
        }

        services = random.Next(4) switch
        {
            0 when services.ContainsKey("extra") => services.Remove("extra"),
            0 or 1 => services.SetItem("extra", (good[random.Next(good.Count)], number)),
            _ => services.SetItem("top", (good[random.Next(good.Count)], number)),
        };
        var isGood = random.Next(4) != 0;
        if (!isGood)
        {
            var victim = services.Keys.ElementAt(random.Next(services.Count));
            services = services.SetItem(victim, (bad[random.Next(bad.Count)], number));
        }

        return new StormRelease(services, isGood);
    }

    /// <summary>As a desired state has it.</summary>
    public string Text() => $"  {Application}:\n    services:\n" + string.Join('\n', Services.Select(service => string.Create(
        CultureInfo.InvariantCulture,
        $"      {service.Key}: {{image: \"{service.Value.Image}\", stop_signal: SIGKILL, environment: {{NUMBER: \"{service.Value.Number}\"}}, depends_on: {Needs(service.Key)} }}")));

    private static string Needs(string service) => service switch
    {
        "middle" => "{base: {condition: service_healthy} }",
        "top" => "[middle]",
        _ => "[]",
    };
}
