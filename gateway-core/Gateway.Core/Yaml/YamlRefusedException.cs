using Gateway.Core.Reports;

namespace Gateway.Core.Yaml;

/// <summary>Carries a failure out of the recursive reader; never leaves <see cref="YamlReader"/>.</summary>
internal sealed class YamlRefusedException(Failure failure) : Exception(failure.Message)
{
    public Failure Failure { get; } = failure;
}
