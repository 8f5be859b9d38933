using System.Collections.Immutable;
using Gateway.HostController.Reboots;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Journal;
using Gateway.UnitTests.HostController.Run;

namespace Gateway.UnitTests.HostController.Reboots;

/// <summary>A run that stops for a reboot, and the same run after the boot: together they do what one would, each task once.</summary>
public sealed class RebootedRunTests
{
    private const string Plays = """
          handlers:
            - name: Restart
              command: handler
          tasks:
            - command: first
              register: said
              notify: Restart
            - set_fact: {kept: "{{ said.stdout }}"}
            - command: failing
              ignore_errors: true
            - block:
                - reboot:
                  register: booted
                - command: "second {{ kept }} {{ booted.rebooted }}"
                - fail: {msg: inside}
              rescue:
                - command: rescued
            - meta: end_play
              when: said.stdout == 'gone'
            - command: "third {{ item }}"
              loop: [a, b]
        """;

    [Fact]
    public async Task What_was_done_before_the_boot_is_remembered_and_not_done_again()
    {
        var (journal, before) = await UntilTheBootAsync();
        var after = await TestRun.OfAsync(Plays, new RunOptions { Reboots = new ResumableRun(journal, Never) }, Said);

        Assert.Equal(["run first", "run failing"], Programs(before));
        Assert.Equal(["run second {{ not }} True", "run rescued", "run third a", "run third b", "run handler"], Programs(after));
        Assert.Equal("ok=8 changed=7 rescued=1 ignored=1", after.Counts);
    }

    [Fact]
    public async Task Power_that_goes_after_any_task_changes_nothing_in_the_end()
    {
        // Whatever was reached when the power went, the run goes on from the reboot, as the record says.
        var (journal, _) = await UntilTheBootAsync();
        for (var cut = 1; cut <= 5; cut++)
        {
            var left = cut;
            using var power = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestRun.OfAsync(
                Plays, new RunOptions { Reboots = new ResumableRun(journal, Never) }, line => --left == 0 ? throw new OperationCanceledException() : Said(line)));
            var after = await TestRun.OfAsync(Plays, new RunOptions { Reboots = new ResumableRun(journal, Never) }, Said);
            Assert.Equal(("ok=8 changed=7 rescued=1 ignored=1", 5), (after.Counts, after.Changes.Count));
        }
    }

    [Fact]
    public async Task A_machine_that_does_not_go_down_fails_the_task()
    {
        var run = await TestRun.OfAsync(Plays, new RunOptions { Reboots = new ResumableRun([], (_, _, _, _) => Task.FromResult("is still up")) }, Said);
        Assert.Contains("reboot: rescued", run.Tasks);
        Assert.Equal(["run first", "run failing", "run rescued", "run third a", "run third b", "run handler"], Programs(run));
    }

    [Fact]
    public async Task Nothing_is_asked_for_in_check_mode()
    {
        var run = await TestRun.OfAsync("  tasks:\n    - reboot:\n", new RunOptions { Check = true, Reboots = new ResumableRun([], Never) });
        Assert.Equal("ok=1 changed=1", run.Counts);
    }

    [Fact]
    public async Task A_run_that_cannot_go_on_afterwards_does_not_boot_the_machine()
    {
        var run = await TestRun.OfAsync("  tasks:\n    - reboot:\n");
        Assert.Contains("the machine is not booted", run.Result.Failures[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_playbook_that_goes_another_way_than_before_the_boot_is_not_gone_on_with()
    {
        var (journal, _) = await UntilTheBootAsync();
        var run = await TestRun.OfAsync("  tasks:\n    - command: other\n", new RunOptions { Reboots = new ResumableRun(journal, Never) });
        Assert.Empty(run.Changes);
        Assert.Contains("cannot go on after the boot", run.Result.Failures[0].Message, StringComparison.Ordinal);
    }

    private static async Task<(ImmutableArray<JournalEntry> Journal, List<string> Programs)> UntilTheBootAsync()
    {
        var journal = ImmutableArray<JournalEntry>.Empty;
        var programs = new List<string>();
        var reboots = new ResumableRun([], (_, entries, _, _) =>
        {
            journal = JournalCodec.Read(JournalCodec.Write(entries));
            throw new OperationCanceledException();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TestRun.OfAsync(Plays, new RunOptions { Reboots = reboots }, line =>
        {
            programs.Add(line);
            return Said(line);
        }));
        return (journal, programs);
    }

    private static Gateway.Playbooks.Modules.ChangeOutcome? Said(string line) =>
        line.Contains("failing", StringComparison.Ordinal) ? TestRun.Said("", 1) : TestRun.Said("{{ not }}");

    private static Task<string> Never(Gateway.Playbooks.Modules.Reboot wanted, ImmutableArray<JournalEntry> entries, Action<string> progress, CancellationToken cancellation) =>
        throw new InvalidOperationException("a reboot was asked for");

    private static IEnumerable<string> Programs(TestRun run) => Programs(run.Changes);

    private static IEnumerable<string> Programs(IEnumerable<string> changes) => changes.Select(change => change.Split(" in ")[0]);
}
