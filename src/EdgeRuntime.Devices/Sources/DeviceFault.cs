namespace EdgeInference.Devices;

/// <summary>Which exceptions of a sensor or an output are faults of it, and how a fault reads.</summary>
internal static class DeviceFault
{
    /// <summary>
    /// Whether the loop can go on: after everything but lost memory, which ends the program so that its supervisor starts it with
    /// fresh memory. (A stack that overflows and memory that is corrupt end it by themselves.)
    /// </summary>
    internal static bool IsSurvivable(Exception exception) => exception is not OutOfMemoryException;

    /// <summary>What happened; named by its type where the type is not one that drivers throw, since its text then rarely explains it.</summary>
    internal static string Sentence(Exception exception) =>
        exception is IOException or TimeoutException or UnauthorizedAccessException or InvalidOperationException or PlatformNotSupportedException
            ? exception.Message
            : $"{exception.GetType().Name}: {exception.Message}";
}
