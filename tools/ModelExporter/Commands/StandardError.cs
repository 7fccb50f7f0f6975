namespace EdgeInference.Tool.Commands;

/// <summary>Standard error. Where it is closed or full, a command goes on, and its exit code has to do.</summary>
internal static class StandardError
{
    /// <summary>Writes one line, if it can be written.</summary>
    internal static void Say(string line) => Try(() => Console.Error.WriteLine(line));

    /// <summary>Writes, if it can be written.</summary>
    internal static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is left to tell.
        }
    }
}
