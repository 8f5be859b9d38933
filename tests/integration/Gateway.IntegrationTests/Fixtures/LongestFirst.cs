using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Gateway.IntegrationTests.Fixtures.LongestFirst", "Gateway.IntegrationTests")]
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>
/// Lets the collections that take minutes begin first: a long one that begins last runs alone at the end.
/// Three run at a time whatever the processors, since most of what tests do is wait.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Names of collections, or ends of the names of classes that are one of their own; the longest first.</summary>
    private static readonly string[] Long = ["machine", "sandbox", "second sandbox", "third sandbox", "AnsibleComparisonTests", "GuardianCutTests", "BundleTests"];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(Place).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    private static int Place(ITestCollection collection)
    {
        var place = Array.FindIndex(Long, name => collection.DisplayName == name || collection.DisplayName.EndsWith($".{name}", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
