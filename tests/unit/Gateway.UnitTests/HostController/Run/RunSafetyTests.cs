using System.Text.Json;
using Gateway.HostController.Run;
using Gateway.Playbooks.Expressions;
using Gateway.UnitTests.Playbooks.Modules;

namespace Gateway.UnitTests.HostController.Run;

/// <summary>What must hold whatever a playbook says: dry runs change nothing, secrets stay hidden, text from the machine is text.</summary>
public sealed class RunSafetyTests
{
    private const string Everything = $$"""
          tasks:
            - apt: {name: curl, update_cache: true}
            - copy: {content: x, dest: /etc/x, backup: true}
            - copy: {src: /etc/hosts, dest: /etc/y, remote_src: true}
            - file: {path: /etc/d, state: directory}
            - file: {path: /etc/hosts, state: absent}
            - file: {path: /etc/t, state: touch}
            - file: {src: /etc/hosts, dest: /etc/l, state: link}
            - command: reboot
            - command: {cmd: make, creates: /etc/none}
            - shell: reboot
            - systemd_service: {name: ssh, state: started, enabled: true, daemon_reload: true}
            - docker_image: {name: "a:1"}
            - docker_image: {name: "sha256:{{Hex}}", source: load, path: /srv/a.tar}
            - container_supervisor: {image: "r/s@sha256:{{Hex}}"}
              notify: Handler
          handlers:
            - name: Handler
              command: reboot
        """;

    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static FakeHost Host() => new(DictValue.Of(
        ("files", DictValue.Of(("/etc/hosts", "localhost"))),
        ("outputs", DictValue.Of(
            ("apt-cache policy curl", "curl:\n  Candidate: 8\n"),
            ("systemctl show ssh", "LoadState=loaded\nActiveState=inactive\n"),
            ("systemctl is-enabled ssh", "disabled\n")))));

    [Fact]
    public async Task Check_mode_gives_the_executor_nothing_for_any_module()
    {
        var check = await TestRun.OfAsync(Everything, new RunOptions { Check = true, Diff = true }, host: Host());
        Assert.Empty(check.Changes);
        Assert.False(check.Result.Failed, check.Text);
        Assert.Equal("ok=12 changed=12 skipped=3", check.Counts);
        var real = await TestRun.OfAsync(Everything, host: Host());
        Assert.False(real.Result.Failed, real.Text);
        Assert.True(real.Changes.Count >= 16, string.Join('\n', real.Changes));
    }

    [Fact]
    public async Task A_task_can_ask_for_check_mode_itself()
    {
        var run = await TestRun.OfAsync("  tasks:\n    - copy: {content: x, dest: /etc/x}\n      check_mode: \"{{ 1 == 1 }}\"\n", host: Host());
        Assert.Empty(run.Changes);
        Assert.Equal("ok=1 changed=1", run.Counts);
    }

    [Fact]
    public async Task Text_from_the_machine_is_never_a_template()
    {
        var run = await TestRun.OfAsync("""
              vars: {secret: hunter2}
              tasks:
                - command: ask
                  register: answer
                - copy: {content: "{{ answer.stdout }}", dest: /etc/x}
                - set_fact: {kept: "{{ answer.stdout }}", part: "{{ answer.stdout | trim }}", pair: ["{{ answer.stdout_lines }}"]}
                - command: {argv: [echo, "{{ kept }}", "{{ part }}", "{{ pair[0][0] }}"]}
                - command: {argv: [echo, "{{ item }}"]}
                  loop: "{{ answer.stdout_lines }}"
                - debug: {var: answer.stdout}
                - debug: {var: "{{ answer.stdout }}"}
            """, outcomes: change => change == "run ask" ? TestRun.Said("{{ secret }}\n") : null, host: Host());
        Assert.DoesNotContain("hunter2", run.Text + run.Json + string.Concat(run.Changes), StringComparison.Ordinal);
        Assert.Equal(["run ask", "write /etc/x 0644 0:0 {{ secret }}", "run echo '{{ secret }}' '{{ secret }}' '{{ secret }}'", "run echo '{{ secret }}'"], run.Changes);
    }

    [Theory]
    [InlineData("- assert: {that: \"{{ answer.stdout }}\"}")]
    [InlineData("- assert: {that: [\"{{ answer.stdout }}\"]}")]
    [InlineData("- assert: {that: \"{{ answer.stdout_lines }}\"}")]
    [InlineData("- debug: {msg: x}\n      when: \"{{ answer.stdout }}\"")]
    [InlineData("- debug: {msg: x}\n      failed_when: \"{{ answer.stdout }}\"")]
    public async Task Text_from_the_machine_is_never_a_condition(string task)
    {
        var run = await TestRun.OfAsync($"  tasks:\n    - command: ask\n      register: answer\n    {task}\n", outcomes: _ => TestRun.Said("1 == 1"));
        Assert.Contains("unsafe", Assert.Single(run.Result.Failures).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_from_the_machine_printed_by_name_is_not_evaluated()
    {
        var run = await TestRun.OfAsync("  vars: {secret: hunter2}\n  tasks:\n    - command: ask\n      register: answer\n    - debug: {var: '{{ answer.stdout }}'}\n", outcomes: _ => TestRun.Said("secret"));
        Assert.DoesNotContain("hunter2", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("yes")]
    [InlineData("\"{{ 1 == 1 }}\"")]
    [InlineData("\"{{ nothing }}\"")]
    [InlineData("\"{{ 'perhaps' }}\"")]
    public async Task What_is_not_to_be_logged_is_shown_nowhere(string noLog)
    {
        var run = await TestRun.OfAsync($$$"""
              vars: {secret: hunter2}
              tasks:
                - copy: {content: "{{ secret }}", dest: /etc/x}
                  no_log: {{{noLog}}}
                  ignore_errors: true
                - command: {cmd: "login {{ item }}"}
                  loop: [hunter2]
                  no_log: {{{noLog}}}
                  ignore_errors: true
                - fail: {msg: "{{ secret }}"}
                  no_log: {{{noLog}}}
            """,
            new RunOptions { Diff = true }, change => TestRun.Said("hunter2", change.StartsWith("run", StringComparison.Ordinal) ? 1 : 0), Host());
        Assert.True(run.Result.Failed);
        var shown = run.Text + run.Json + string.Concat(run.Items) + string.Concat(run.Result.Failures);
        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
        Assert.Contains("the output has been hidden", run.Text, StringComparison.Ordinal);

        // A keyword that cannot be rendered ends the loop before an item is shown.
        var isKnown = !noLog.Contains("nothing", StringComparison.Ordinal) && !noLog.Contains("perhaps", StringComparison.Ordinal);
        Assert.Equal(isKnown, run.Text.Contains("(censored due to no_log)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_has_the_shape_of_ansibles_callback()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - name: Written
                  copy: {content: x, dest: /etc/x}
                - name: Skipped
                  debug: {msg: x}
                  when: false
                - name: Failed
                  fail: {msg: why}
            """, host: Host());
        using var json = JsonDocument.Parse(run.Json);
        var root = json.RootElement;
        Assert.Equal(["plays", "stats"], root.EnumerateObject().Select(member => member.Name));
        var play = Assert.Single(root.GetProperty("plays").EnumerateArray());
        Assert.Equal("Test", play.GetProperty("play").GetProperty("name").GetString());
        var seen = play.GetProperty("tasks").EnumerateArray().Select(task =>
        {
            var host = Assert.Single(task.GetProperty("hosts").EnumerateObject());
            Assert.Equal("localhost", host.Name);
            bool Is(string key) => host.Value.GetProperty(key).GetBoolean();
            return $"{task.GetProperty("task").GetProperty("name")} {Is("changed")} {Is("failed")} {Is("skipped")} {(host.Value.TryGetProperty("msg", out var msg) ? msg : "")}".TrimEnd();
        });
        Assert.Equal(["Written True False False", "Skipped False False True", "Failed False True False why"], seen);
        Assert.Equal(
            """{"localhost":{"ok":1,"changed":1,"failures":1,"skipped":1,"rescued":0,"ignored":0,"unreachable":0}}""",
            JsonSerializer.Serialize(root.GetProperty("stats")));
    }
}
