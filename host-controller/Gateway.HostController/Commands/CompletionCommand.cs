using System.CommandLine;

namespace Gateway.HostController.Commands;

/// <summary><c>completion</c>: scripts for shells, which ask the program itself through its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _host_controller() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(host-controller "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _host_controller host-controller
        """;

    private const string Zsh = """
        #compdef host-controller
        _host_controller() {
            local -a found
            found=("${(@f)$(host-controller "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${found[@]}"
            _files
        }
        compdef _host_controller host-controller
        """;

    private const string Fish = """
        complete -c host-controller -a '(host-controller "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script: source <(host-controller completion bash)") { shell };
        command.SetAction(line => Console.WriteLine(line.GetValue(shell) switch
        {
            "zsh" => Zsh,
            "fish" => Fish,
            _ => Bash,
        }));
        return command;
    }
}
