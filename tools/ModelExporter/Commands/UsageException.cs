namespace EdgeInference.Tool.Commands;

/// <summary>A fault of the command line that no parser of options sees: which file is read has no part in it.</summary>
internal sealed class UsageException(string message) : InputException(message)
{
    /// <summary>What a check of options says is a fault of the command line, though the check is a library's, for which they are input.</summary>
    /// <exception cref="UsageException">The options do not hold.</exception>
    internal static T Of<T>(Func<T> options)
    {
        try
        {
            return options();
        }
        catch (InputException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>The same of a check that gives nothing.</summary>
    /// <exception cref="UsageException">The options do not hold.</exception>
    internal static void Check(Action check) => Of(() =>
    {
        check();
        return true;
    });
}
