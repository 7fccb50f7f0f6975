using System.CommandLine;
using System.CommandLine.Completions;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge completion</c>: a script that lets a shell complete commands, options and their values; files where there are none.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> scripts = new()
    {
        ["bash"] = """
            _edge() {
                local IFS=$'\n'
                local word
                COMPREPLY=()
                for word in $(edge complete --position "$COMP_POINT" "$COMP_LINE" 2>/dev/null); do
                    COMPREPLY+=("$(printf %q "$word")")
                done
            }
            complete -o default -F _edge edge
            """,
        ["zsh"] = """
            #compdef edge
            _edge() {
                local -a words_found
                words_found=("${(@f)$(edge complete --position $CURSOR "$BUFFER" 2>/dev/null)}")
                if [[ -n "${words_found[1]}" ]]; then
                    compadd -- "${words_found[@]}"
                else
                    _files
                fi
            }
            compdef _edge edge
            """,
        ["fish"] = """
            complete -c edge -a '(edge complete --position (string length -- (commandline -cp)) (commandline -cp) 2>/dev/null)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName edge -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                edge complete --position $cursorPosition "$commandAst" 2>$null | ForEach-Object {
                    $quoted = if ($_ -match "[\s'(),;&|]") { "'" + $_.Replace("'", "''") + "'" } else { $_ }
                    [System.Management.Automation.CompletionResult]::new($quoted, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    internal static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. scripts.Keys]);
        var command = new Command("completion", "Prints a script that completes commands and options in a shell.") { shell };
        command.SetAction(result =>
        {
            Console.Out.WriteLine(scripts[result.GetRequiredValue(shell)].ReplaceLineEndings("\n"));
            return EdgeCommand.Done;
        });
        return command;
    }

    /// <summary><c>edge complete</c>, which the scripts call: one completion a line.</summary>
    internal static Command CreateWorker()
    {
        var position = new Option<int>("--position") { Required = true };
        var line = new Argument<string>("line");
        var command = new Command("complete", "Completions of a line, for the scripts of 'edge completion'.") { position, line };
        command.Hidden = true;
        command.SetAction(result =>
        {
            string text = result.GetRequiredValue(line);

            // Shells drop the space that says that a new word begins.
            int cursor = Math.Clamp(result.GetValue(position), 0, 4096);
            text = (text.Length < cursor ? text.PadRight(cursor) : text)[..cursor];
            foreach (CompletionItem item in EdgeCommand.CreateRoot().Parse(text).GetCompletions(cursor).Where(item => !item.Label.StartsWith("-?", StringComparison.Ordinal) && item.Label is not "/?" and not "/h"))
            {
                Console.Out.WriteLine(item.InsertText ?? item.Label);
            }

            return EdgeCommand.Done;
        });
        return command;
    }
}
