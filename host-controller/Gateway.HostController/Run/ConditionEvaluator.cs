using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Evaluates conditions; failures are in Ansible's words.</summary>
internal sealed class ConditionEvaluator(Templar templar)
{
    /// <summary>Whether all hold; the first that does not ends it.</summary>
    public Result<bool> AllHold(ImmutableArray<Condition> conditions, IVariables variables)
    {
        foreach (var condition in conditions)
        {
            var holds = condition.Expression switch
            {
                NullValue or TextValue { Value: "" } => true,
                TextValue text => templar.Test(text.Value, condition.At, variables),
                var value => value.IsTrue,
            };
            if (!holds.TryGet(out var truth, out var wrong))
            {
                return wrong[0] with { Message = Templar.NotJudged(condition.Expression.ToString(), wrong[0]) };
            }

            if (!truth)
            {
                return false;
            }
        }

        return true;
    }
}
