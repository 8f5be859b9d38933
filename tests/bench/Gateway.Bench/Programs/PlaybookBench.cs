using System.Text;

namespace Gateway.Bench.Programs;

/// <summary>A playbook whose every task finds nothing to change: what a gateway does on nearly every cycle.</summary>
internal static class PlaybookBench
{
    public static void Run(Report report, string work, int tasks)
    {
        var playbook = Path.Combine(work, $"tasks-{tasks}.yml");
        File.WriteAllText(playbook, Playbook(Path.Combine(work, "files"), tasks));
        Directory.CreateDirectory(Path.Combine(work, "files"));
        var ours = new Command("host-controller", Paths.HostController, "--root", "/", "--config", Path.Combine(work, "host-controller.yaml"), "apply", playbook, "--unsigned");
        var theirs = new Command("ansible-playbook", "/usr/bin/ansible-playbook", "-i", "localhost,", "-c", "local", playbook)
        {
            Environment = new Dictionary<string, string> { ["ANSIBLE_PYTHON_INTERPRETER"] = "/usr/bin/python3", ["HOME"] = work },
        };
        File.WriteAllText(Path.Combine(work, "host-controller.yaml"), $"gateway_id: bench\nstate_directory: {work}/state\n");
        report.Compare($"playbook-{tasks}-tasks", $"A playbook of {tasks} tasks with nothing to change", ours, theirs, tasks > 100 ? 1 : 3);
    }

    private static string Playbook(string folder, int tasks)
    {
        var text = new StringBuilder("- name: Nothing to change\n  hosts: all\n  gather_facts: false\n  tasks:\n");
        for (var i = 0; i < tasks; i++)
        {
            text.Append((i % 4) switch
            {
                0 => $"    - name: Folder {i}\n      file: {{path: {folder}/d{i}, state: directory, mode: \"0755\"}}\n",
                1 => $"    - name: Content {i}\n      copy: {{dest: {folder}/f{i}, content: \"line {i}\\n\", mode: \"0644\"}}\n",
                2 => $"    - name: Command {i}\n      command: {{cmd: touch {folder}/c{i}, creates: {folder}/c{i}}}\n",
                _ => $"    - name: Link {i}\n      file: {{src: {folder}/f{i - 2}, path: {folder}/l{i}, state: link}}\n",
            });
        }

        return text.ToString();
    }
}
