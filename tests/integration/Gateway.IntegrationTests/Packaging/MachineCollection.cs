namespace Gateway.IntegrationTests.Packaging;

/// <summary>Tests that boot machines or build packages run one after the other.</summary>
[CollectionDefinition("machine")]
public sealed class MachineCollection;
