using System.CommandLine;

namespace Gateway.Ctl.Commands;

/// <summary><c>completion</c>: scripts that let the shell ask this program what may follow (the <c>[suggest]</c> directive).</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # gatewayctl: eval "$(gatewayctl completion bash)"
        _gatewayctl() {
            local cur=${COMP_WORDS[COMP_CWORD]} words
            words=$(gatewayctl "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
            [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        }
        complete -o filenames -F _gatewayctl gatewayctl
        """;

    private const string Zsh = """
        #compdef gatewayctl
        # gatewayctl: eval "$(gatewayctl completion zsh)"
        _gatewayctl() {
            local -a words_found
            words_found=(${(f)"$(gatewayctl "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
            compadd -a words_found
            _files
        }
        compdef _gatewayctl gatewayctl
        """;

    private const string Fish = """
        # gatewayctl: gatewayctl completion fish | source
        complete -c gatewayctl -a '(gatewayctl "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
        """;

    public static Command Make(Shell shell)
    {
        var kind = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        kind.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script for a shell.") { kind };
        ExamplesHelp.AddTo(command, "eval \"$(gatewayctl completion bash)\"", "gatewayctl completion fish > ~/.config/fish/completions/gatewayctl.fish");
        command.SetAction(line => shell.Terminal.Out.WriteLine(line.GetRequiredValue(kind) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
