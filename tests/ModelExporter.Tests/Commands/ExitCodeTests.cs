using System.CommandLine;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Each exit code, when and only when: 0 done, 1 the input, 2 the command line, 3 the tool.</summary>
public sealed class ExitCodeTests
{
    public static TheoryData<string> Faults => [.. thrown.Keys];

    private static readonly Dictionary<string, (int Code, string Sentence, Func<Exception> Make)> thrown = new()
    {
        ["input"] = (1, "what, where, what to do", () => new InputException("what, where, what to do")),
        ["format"] = (1, "section 'operators', byte 7: bad", () => new ModelFormatException("operators", 7, "bad")),
        ["disk"] = (1, "Reading or writing failed: no space left; check the disk's space, the permissions, and where standard output goes.", () => new IOException("no space left.")),
        ["absent"] = (1, "Reading or writing failed: gone;", () => new FileNotFoundException("gone")),
        ["permission"] = (1, "Reading or writing failed: not yours;", () => new UnauthorizedAccessException("not yours")),
        ["operation"] = (3, "Internal error in edge (InvalidOperationException: odd", () => new InvalidOperationException("odd")),
        ["argument"] = (3, "Internal error in edge (ArgumentException: odd", () => new ArgumentException("odd")),
        ["unsupported"] = (3, "Internal error in edge (NotSupportedException: odd", () => new NotSupportedException("odd")),
        ["overflow"] = (3, "Internal error in edge (OverflowException: odd", () => new OverflowException("odd")),
        ["cancelled"] = (3, "Internal error in edge (OperationCanceledException: odd", () => new OperationCanceledException("odd")),
        ["aggregate"] = (3, "Internal error in edge (AggregateException:", () => new AggregateException("odd", new InputException("x"), new InvalidOperationException("odd"))),
        ["aggregate of faults of the input"] = (1, "x, and what to do", () => new AggregateException("odd", new InputException("y"), new AggregateException(new InputException("x, and what to do")))),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_thrown_becomes_one_sentence_and_its_code(string name)
    {
        (int code, string sentence, Func<Exception> make) = thrown[name];
        (int exitCode, string text, string error) = Run(Root(_ => throw make()), "work");
        Assert.Equal(code, exitCode);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal("", text);
        Assert.Equal(code == 3, error.Contains("please report it with the file that caused it", StringComparison.Ordinal));
        Assert.Equal(code == 3, error.Contains("at EdgeInference.Tool.Tests.Commands.ExitCodeTests", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_of_several_lines_is_one_line()
    {
        (int exitCode, _, string error) = Run(Root(_ => throw new InvalidOperationException("a\nb\u001bc")), "work");
        Assert.Equal(EdgeCommand.ToolFault, exitCode);
        Assert.Contains("a?b?c", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_command_that_ends_by_itself_keeps_its_code()
    {
        Assert.Equal((0, "", ""), Run(Root(_ => EdgeCommand.Done), "work"));
        Assert.Equal((1, "", ""), Run(Root(_ => EdgeCommand.InputFault), "work"));
    }

    [Fact]
    public void A_wrong_command_line_is_2_and_nothing_is_run()
    {
        bool ran = false;
        Command root = Root(_ =>
        {
            ran = true;
            return 0;
        });
        foreach (string[] wrong in new string[][] { ["work", "--other"], ["wrok"], ["work", "more"], ["work", "--number", "x"] })
        {
            (int exitCode, string text, string error) = Run(root, wrong);
            Assert.Equal((EdgeCommand.UsageFault, ""), (exitCode, text));
            Assert.Single(error.TrimEnd().Split('\n'));
        }

        Assert.False(ran);
    }

    [Fact]
    public void The_codes_are_those_that_scripts_know() =>
        Assert.Equal((0, 1, 2, 3), (EdgeCommand.Done, EdgeCommand.InputFault, EdgeCommand.UsageFault, EdgeCommand.ToolFault));

    private static Command Root(Func<ParseResult, int> action)
    {
        var work = new Command("work") { new Option<int>("--number") };
        work.SetAction(action);
        return new Command("edge") { work };
    }

    private static (int ExitCode, string Text, string Error) Run(Command root, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = RoutedConsole.During(output, error, () => EdgeCommand.Run(root, args));
        return (exitCode, output.ToString(), error.ToString());
    }
}
