using Gateway.Core.Engine;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Supervisor;

/// <summary>What one update works with.</summary>
internal sealed record SupervisorRun(SupervisorEngine Containers, SupervisorImage Image, UpdateSupervisor Wanted, ContainerSpec Spec, Action<string> Progress);
