using Gateway.HostController.Run;
using Gateway.Playbooks.Expressions;

namespace Gateway.UnitTests.HostController.Run;

public sealed class RunSemanticsTests
{
    [Fact]
    public async Task Counts_are_those_of_ansibles_recap()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - command: "true"
                - debug: {msg: x}
                - debug: {msg: x}
                  when: false
                - fail: {msg: never mind}
                  ignore_errors: true
                - block:
                    - fail: {msg: rescue me}
                  rescue:
                    - debug: {msg: x}
                - fail: {msg: the end}
                - debug: {msg: never}
            """);
        Assert.Equal("ok=4 changed=1 failures=1 skipped=1 rescued=1 ignored=1", run.Counts);
        Assert.Equal("p.yml:15:7: task 'fail' failed: the end", Assert.Single(run.Result.Failures).ToString());
        Assert.Equal("command", Assert.Single(run.Result.Changes));
    }

    [Fact]
    public async Task A_failure_ends_the_run_and_no_later_play_begins()
    {
        var run = await TestRun.OfAsync("""
            - hosts: all
              gather_facts: false
              tasks:
                - command: first
                - command: second
            - hosts: all
              gather_facts: false
              tasks:
                - command: third
            """, outcomes: change => TestRun.Said("", change == "run first" ? 1 : 0));
        Assert.Equal(["run first"], run.Changes);
        Assert.True(run.Result.Failed);
    }

    [Fact]
    public async Task A_block_rescues_and_always_runs_its_last_part()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - block:
                    - {name: The first, command: first}
                    - command: never
                  rescue:
                    - command: echo {{ ansible_failed_task.name }} {{ ansible_failed_task.action }}
                    - command: broken
                  always:
                    - command: last
                - command: never
            """, outcomes: change => TestRun.Said("", change is "run first" or "run broken" ? 1 : 0));
        Assert.Equal(["run first", "run echo The first command", "run broken", "run last"], run.Changes);
        Assert.Equal("ok=2 changed=2 failures=1 rescued=1", run.Counts);
    }

    [Fact]
    public async Task Loops_register_every_item_and_skip_where_the_condition_says_so()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - command: echo {{ item.n }}
                  loop: [{n: a}, {n: b}, {n: c}]
                  when: item.n != 'b'
                  loop_control: {label: "{{ item.n }}!"}
                  register: said
                - command: echo {{ said.results | map(attribute='rc', default='-') | join(' ') }} {{ said.results | length }}
            """);
        Assert.Equal(["run echo a", "run echo c", "run echo 0 - 0 3"], run.Changes);
        Assert.Equal(["a!: changed", "b!: skipped", "c!: changed"], run.Items);
        Assert.Equal("ok=2 changed=2", run.Counts);
    }

    [Fact]
    public async Task A_label_that_cannot_be_rendered_fails_its_item()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - command: echo {{ item }}
                  loop: [a]
                  loop_control: {label: "{{ nothing }}"}
            """);
        Assert.Equal("failures=1", run.Counts);
        Assert.Contains("Failed to template loop_control.label: 'nothing' is undefined", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Until_tries_again_and_gives_up_in_the_end()
    {
        var times = 0;
        var run = await TestRun.OfAsync("""
              tasks:
                - command: ask
                  register: answer
                  until: answer.stdout == 'yes'
                  retries: 5
                  delay: 0
                - command: refuse
                  register: answer
                  until: answer.rc == 0
                  retries: 2
                  delay: 0
            """, outcomes: change => change == "run ask" ? TestRun.Said(++times < 3 ? "no" : "yes") : TestRun.Said("", 1));
        Assert.Equal(["run ask", "run ask", "run ask", "run refuse", "run refuse", "run refuse"], run.Changes);
        Assert.Equal("ok=1 changed=1 failures=1", run.Counts);
        Assert.Contains("FAILED - RETRYING: [localhost]: command (1 retries left).", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "a b c")]
    [InlineData("one", "", "a c")]
    [InlineData("two,never", "", "b c d")]
    [InlineData("tagged", "", "a b c")]
    [InlineData("untagged", "", "c e")]
    [InlineData("", "one", "b c e")]
    [InlineData("", "always", "a b e")]
    public async Task Tags_choose_tasks(string only, string skip, string expected)
    {
        string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var run = await TestRun.OfAsync("""
              tasks:
                - command: a
                  tags: [one]
                - block:
                    - command: b
                  tags: two
                - command: c
                  tags: always
                - command: d
                  tags: never
                - command: e
            """, new RunOptions { Tags = [.. Split(only)], SkipTags = [.. Split(skip)] });
        var all = expected == "a b c" && only.Length == 0 ? "a b c e" : expected;
        Assert.Equal(all, string.Join(' ', run.Changes.Select(change => change["run ".Length..])));
    }

    [Fact]
    public async Task Handlers_run_once_a_flush_and_in_their_own_order()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - command: a
                  notify: [Second, First]
                - command: b
                  notify: [Second, topic]
                - command: c
                  changed_when: false
                  notify: Never
                - meta: flush_handlers
                - command: d
                  notify: Second
              handlers:
                - name: First
                  command: first
                - name: Second
                  command: second
                - name: Third
                  command: third
                  listen: topic
                - name: Never
                  command: never
            """);
        Assert.Equal("a b c first second third d second", string.Join(' ', run.Changes.Select(change => change["run ".Length..])));
    }

    [Fact]
    public async Task A_handler_known_by_a_template_only_must_be_there_when_the_task_has_run()
    {
        var run = await TestRun.OfAsync("""
              vars: {who: Nobody}
              tasks:
                - name: Change
                  command: a
                  notify: "{{ who }}"
                - command: never
            """);
        Assert.Equal(["run a"], run.Changes);
        Assert.Equal("failures=1", run.Counts);
        Assert.Equal("p.yml:6:7: task 'Change' failed: The requested handler 'Nobody' was not found in either the main handlers list nor in the listening handlers list", Assert.Single(run.Result.Failures).ToString());
        Assert.Contains("FAILED!", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_that_cannot_be_evaluated_fails_its_task_also_when_the_task_is_for_the_runner()
    {
        var run = await TestRun.OfAsync("""
              tasks:
                - debug: {msg: x}
                  when: nothing
                  ignore_errors: true
                - meta: end_play
                  when: nothing
                - command: never
            """);
        Assert.Equal("ok=1 failures=1 ignored=1", run.Counts);
        Assert.Equal(["debug: ignored", "meta: failed"], run.Tasks);
        Assert.Contains("'nothing' is undefined", Assert.Single(run.Result.Failures).Message, StringComparison.Ordinal);
        Assert.Empty(run.Changes);
    }

    [Fact]
    public async Task Extra_variables_win_over_all_others_and_the_nearest_over_the_rest()
    {
        var run = await TestRun.OfAsync("""
              vars: {a: play, b: play, c: play}
              tasks:
                - set_fact: {a: fact, c: fact}
                - command: echo {{ a }} {{ b }} {{ c }}
                  vars: {b: task, c: task}
            """, new RunOptions { ExtraVars = DictValue.Of(("a", "extra")) });
        Assert.Equal(["run echo extra task fact"], run.Changes);
    }

    [Fact]
    public async Task Keywords_that_say_neither_yes_nor_no_fail_their_task_before_it_runs()
    {
        foreach (var keyword in (string[])["check_mode", "ignore_errors", "diff", "no_log"])
        {
            foreach (var value in (string[])["{{ nothing }}", "{{ 'perhaps' }}"])
            {
                var run = await TestRun.OfAsync($"  tasks:\n    - command: x\n      {keyword}: \"{value}\"\n");
                Assert.Equal(("failures=1", 0), (run.Counts, run.Changes.Count));
            }
        }
    }
}
