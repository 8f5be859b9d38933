namespace Gateway.Reconciliation.Plan;

/// <summary>Stages that come after every start of a batch, however long the chain of dependencies.</summary>
internal static class Stages
{
    public const int Wait = 10_000;
    public const int Remove = 20_000;
    public const int Pull = 30_000;
}
