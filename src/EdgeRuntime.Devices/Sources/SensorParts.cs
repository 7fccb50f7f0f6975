namespace EdgeInference.Devices;

/// <summary>What a sensor consists of: its devices, its pins' controller, its binding. Closed in the reverse order before a new start.</summary>
public sealed class SensorParts
{
    private readonly List<IDisposable> owned = [];

    internal SensorParts()
    {
    }

    internal int Count => owned.Count;

    /// <summary>Makes the source close a part: before its next start, when it is disposed, and where this start fails.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="part">A device, a controller, or a binding.</param>
    /// <returns>The part.</returns>
    public T Own<T>(T part)
        where T : class, IDisposable
    {
        ArgumentNullException.ThrowIfNull(part);
        owned.Add(part);
        return part;
    }

    /// <summary>Closes all of them, whatever one of them throws.</summary>
    /// <returns>What the first that could not be closed said, or null.</returns>
    internal string? Close()
    {
        string? failure = null;
        for (int i = owned.Count - 1; i >= 0; i--)
        {
            try
            {
                owned[i].Dispose();
            }
            catch (Exception exception) when (DeviceFault.IsSurvivable(exception))
            {
                failure ??= DeviceFault.Sentence(exception);
            }
        }

        owned.Clear();
        return failure;
    }
}
