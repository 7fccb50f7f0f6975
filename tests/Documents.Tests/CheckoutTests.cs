using System.Diagnostics;

namespace Documents.Tests;

/// <summary>The repository can be checked out on Windows and macOS, and is the same there.</summary>
public sealed class CheckoutTests
{
    private static readonly string[] reserved = ["con", "prn", "aux", "nul", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"com{n}", $"lpt{n}" })];

    [Fact]
    public void Every_file_has_a_name_that_Windows_and_macOS_take()
    {
        string[] files = Git("ls-files", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Assert.SkipWhen(files.Length == 0, "This is no clone, or git is not here.");
        Assert.All(files, file =>
        {
            Assert.DoesNotContain(file, character => character < ' ' || "<>:\"|?*\\".Contains(character, StringComparison.Ordinal));
            Assert.All(file.Split('/'), part =>
            {
                Assert.False(part.EndsWith('.') || part.EndsWith(' '), $"'{file}': Windows drops the last character");
                Assert.DoesNotContain(part.Split('.')[0], reserved, StringComparer.OrdinalIgnoreCase);
            });

            // Below a folder such as C:\Users\somebody\source\repos\EdgeInference, and less than the 260 characters of old programs.
            Assert.True(file.Length <= 180, $"'{file}' is too long for Windows");
        });
        Assert.Empty(files.GroupBy(file => file, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => string.Join(" and ", same)));
    }

    // With core.autocrlf, as git for Windows has it, a text without an attribute would come out with other line ends, and other bytes.
    [Fact]
    public void Texts_have_the_same_bytes_whatever_git_is_told_about_line_ends()
    {
        string[] lines = Git("-c", "core.autocrlf=true", "ls-files", "--eol").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.SkipWhen(lines.Length == 0, "This is no clone, or git is not here.");
        Assert.All(lines, line =>
        {
            string attribute = line[line.IndexOf("attr/", StringComparison.Ordinal)..].Split('\t')[0].Trim();
            Assert.True(attribute is "attr/-text" or "attr/text=auto eol=lf" or "attr/text eol=lf" or "attr/text=auto eol=crlf" or "attr/text eol=crlf", line);
        });

        // A text that git would change: it holds CR LF although its attribute says LF.
        Assert.DoesNotContain(lines, line => line.StartsWith("i/crlf", StringComparison.Ordinal) && !line.Contains("attr/-text", StringComparison.Ordinal));
    }

    private static string Git(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = CodeBlock.Root(), RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
