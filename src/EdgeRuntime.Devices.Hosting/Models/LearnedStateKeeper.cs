using Microsoft.Extensions.Logging;

namespace EdgeInference.Devices.Hosting;

/// <summary>Writes what the model learned to its file whenever it is another, so that the loop never waits for the disk.</summary>
internal sealed class LearnedStateKeeper(ModelHost host, LearnedStateFile file, ILogger logger)
{
    private ReadOnlyMemory<byte>? kept = host.LearnedState;
    private string? failure;

    /// <summary>Gives the model what its file has; where that is not its own or damaged, the log says so, and the model decides as the factory made it.</summary>
    internal static void Load(ModelHost host, LearnedStateFile file, ILogger logger)
    {
        string? problem;
        try
        {
            if (file.Read() is not { } state)
            {
                return;
            }

            problem = host.Restore(state);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = exception.Message;
        }

        if (problem is null)
        {
            DeviceLog.LearnedTaken(logger, file.Path);
        }
        else
        {
            DeviceLog.LearnedRefused(logger, file.Path, LogText.OneLine(problem));
        }
    }

    /// <summary>Writes the state where it is not the one in the file. What cannot be written is tried again, and said once.</summary>
    internal void Look()
    {
        if (host.LearnedState is not { } state || (kept is { } before && state.Equals(before)))
        {
            return;
        }

        try
        {
            file.Write(state.Span);
            kept = state;
            failure = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = LogText.OneLine(exception.Message);
            if (failure is null)
            {
                DeviceLog.LearnedNotKept(logger, file.Path, reason);
            }

            failure = reason;
        }
    }
}
