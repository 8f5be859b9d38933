using Gateway.HostController.Run.Journal;

namespace Gateway.HostController.Run;

/// <summary>What the parts of one run share.</summary>
/// <param name="Options">How the playbook is applied.</param>
/// <param name="Variables">What tasks see.</param>
/// <param name="State">What was counted so far.</param>
/// <param name="Observer">Hears of the run.</param>
/// <param name="Clock">The time.</param>
/// <param name="Journal">What its steps came to.</param>
internal sealed record RunContext(RunOptions Options, RunVariables Variables, RunState State, IRunObserver Observer, TimeProvider Clock, TaskJournal Journal);
