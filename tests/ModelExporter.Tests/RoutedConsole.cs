using System.Text;

namespace EdgeInference.Tool.Tests;

/// <summary>Gives every flow of control a console of its own, so that tests of commands run side by side.</summary>
internal static class RoutedConsole
{
    private static readonly AsyncLocal<TextWriter?> output = new();
    private static readonly AsyncLocal<TextWriter?> error = new();

    private static readonly Lock installing = new();
    private static TextWriter? installedOutput;
    private static TextWriter? installedError;

    /// <summary>Does work whose standard output and error go to these writers; null leaves one as it is.</summary>
    internal static T During<T>(TextWriter? standardOutput, TextWriter? standardError, Func<T> work)
    {
        Install();
        (TextWriter? outputBefore, TextWriter? errorBefore) = (output.Value, error.Value);
        (output.Value, error.Value) = (standardOutput ?? outputBefore, standardError ?? errorBefore);
        try
        {
            return work();
        }
        finally
        {
            (output.Value, error.Value) = (outputBefore, errorBefore);
        }
    }

    // Whoever runs the tests may have set a console of its own since: dotnet test does, after the assembly is loaded.
    private static void Install()
    {
        lock (installing)
        {
            if (Console.Out != installedOutput)
            {
                Console.SetOut(new Route(output, Console.Out));
                installedOutput = Console.Out;
            }

            if (Console.Error != installedError)
            {
                Console.SetError(new Route(error, Console.Error));
                installedError = Console.Error;
            }
        }
    }

    private sealed class Route(AsyncLocal<TextWriter?> target, TextWriter otherwise) : TextWriter
    {
        public override Encoding Encoding => Target.Encoding;

        private TextWriter Target => target.Value ?? otherwise;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(string? value) => Target.Write(value);

        public override void WriteLine() => Target.WriteLine();

        public override void WriteLine(string? value) => Target.WriteLine(value);

        public override void Flush() => Target.Flush();
    }
}
