using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>systemd_service</c> module.</summary>
internal static class UnitPlans
{
    public static TaskPlan Plan(UnitArguments arguments, UnitFacts facts)
    {
        var result = Results.Of(("name", arguments.Unit is null ? NullValue.None : arguments.Unit), ("status", facts.Show));
        if (!facts.HasSystemctl)
        {
            return TaskPlan.Failure("Failed to find required executable \"systemctl\"");
        }

        if (arguments.Unit is null)
        {
            return TaskPlan.Nothing(result.With("changed", false));
        }

        if (facts.IsFound && facts.Property("LoadState") != "masked" && facts.Property("LoadError") is { Length: > 0 } error)
        {
            return TaskPlan.Failure($"Error loading unit file '{arguments.Unit}': {error}");
        }

        if (!facts.IsFound && (arguments.Enabled is not null || arguments.State is not null))
        {
            return TaskPlan.Failure($"Could not find the requested service {arguments.Unit}: host");
        }

        var actions = new List<UnitAction>();
        if (arguments.Masked is { } masked && masked != (facts.EnabledWord == "masked"))
        {
            actions.Add(Action(arguments, masked ? "mask" : "unmask"));
        }

        if (arguments.Enabled is { } wanted)
        {
            var enabled = facts.EnabledStatus == 0 && facts.EnabledWord is not ("indirect" or "alias");
            result = result.With("enabled", wanted);
            if (enabled != wanted)
            {
                actions.Add(Action(arguments, wanted ? "enable" : "disable"));
            }
        }

        if (arguments.State is { } state)
        {
            if (facts.Property("ActiveState") is not { Length: > 0 } active)
            {
                return TaskPlan.Failure("Service is in unknown state", ("status", facts.Show));
            }

            result = result.With("state", state is "restarted" or "reloaded" ? "started" : state);
            if (Verb(state, active) is { } verb)
            {
                actions.Add(Action(arguments, verb));
            }
        }

        return new TaskPlan([.. actions], result)
        {
            Report = outcomes => outcomes[^1].Error is null ? result : Failed(arguments, actions[outcomes.Length - 1], outcomes[^1]),
        };
    }

    private static DictValue Failed(UnitArguments arguments, UnitAction action, ChangeOutcome outcome) =>
        Results.Of(("failed", true), ("msg", $"Unable to {action.Verb} service {arguments.Unit}: {outcome.StandardOutput}{outcome.StandardError}{(outcome.ExitCode is null ? outcome.Error : "")}"));

    private static string? Verb(string state, string active)
    {
        var runs = active is "active" or "activating";
        return state switch
        {
            "started" => runs ? null : "start",
            "stopped" => runs || active == "deactivating" ? "stop" : null,
            "restarted" => runs ? "restart" : "start",
            _ => runs ? "reload" : "start",
        };
    }

    private static UnitAction Action(UnitArguments arguments, string verb) => new(verb, arguments.Unit) { NoBlock = arguments.NoBlock, Force = arguments.Force };
}
