namespace EdgeInference.Devices.Hosting;

/// <summary>The outputs of a loop, and the end of them: each goes to its safe state even where another fails.</summary>
internal sealed class OutputSet : IDisposable
{
    private readonly List<IDecisionOutput> outputs = [];

    /// <summary>Makes the outputs; those made before one that fails are closed.</summary>
    internal OutputSet(IServiceProvider provider, IEnumerable<OutputSource> sources)
    {
        try
        {
            foreach (OutputSource source in sources)
            {
                if (source.Create(provider) is { } output)
                {
                    outputs.Add(output);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal IReadOnlyList<IDecisionOutput> Outputs => outputs;

    public void Dispose()
    {
        foreach (IDecisionOutput output in outputs)
        {
            try
            {
                (output as IDisposable)?.Dispose();
            }
            catch (Exception exception) when (exception is IOException or TimeoutException or UnauthorizedAccessException or InvalidOperationException)
            {
                // Its fault is logged and counted already; the others must still be closed.
            }
        }

        outputs.Clear();
    }
}

/// <summary>Makes an output, or null where the settings name none.</summary>
internal sealed record OutputSource(Func<IServiceProvider, IDecisionOutput?> Create);
