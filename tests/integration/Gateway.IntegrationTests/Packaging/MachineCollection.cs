namespace Gateway.IntegrationTests.Packaging;

/// <summary>Tests that share a booted machine, or build packages: one after the other.</summary>
[CollectionDefinition("machine")]
public sealed class MachineCollection : ICollectionFixture<MachineFixture>;
