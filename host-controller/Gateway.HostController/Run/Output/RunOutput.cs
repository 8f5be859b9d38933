namespace Gateway.HostController.Run.Output;

/// <summary>The two ways <c>apply</c> prints a run.</summary>
internal static class RunOutput
{
    /// <summary>As ansible-playbook prints to a terminal; written as the run goes.</summary>
    public static IRunObserver Text(TextWriter writer, bool diff, int verbosity) => new TextOutput(writer, diff, verbosity);

    /// <summary>Ansible's json callback shape; written when the run has finished.</summary>
    public static IRunObserver Json(TextWriter writer) => new JsonOutput(writer);
}
