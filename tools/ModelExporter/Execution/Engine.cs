using EdgeInference.Runtime;

namespace EdgeInference.Tool.Execution;

/// <summary>One of the engines that can run a model on the desktop.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Runs one input, beginning with the state that the one before it left.</summary>
    void Run(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Sets the model's state back to that of a new sequence.</summary>
    void Reset();
}

/// <summary>The engines.</summary>
internal enum EngineKind
{
    /// <summary>The best kernels of this processor.</summary>
    Fast,

    /// <summary>The scalar kernels.</summary>
    Reference,

    /// <summary>EdgeInference.Nano's own code.</summary>
    Nano,
}

/// <summary>Engines for a model.</summary>
internal static class Engines
{
    /// <summary>Creates an engine for a model.</summary>
    /// <exception cref="InputException">The engine cannot run the model.</exception>
    internal static IEngine Create(EngineKind kind, EdgeModel model) => kind switch
    {
        EngineKind.Fast => new SessionEngine(model.CreateSession()),
        EngineKind.Reference => new SessionEngine(model.CreateSession(KernelSet.Reference)),
        EngineKind.Nano => NanoEngine.TryCreate(model, out string problem) ?? throw new InputException(problem),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Runs all rows; where the model keeps a state, they are the steps of sequences.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="model">Its model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="sequence">Rows of a sequence, after which the state is that of a new one; 0 if all rows are one sequence.</param>
    internal static float[][] RunAll(this IEngine engine, EdgeModel model, IReadOnlyList<float[]> rows, int sequence = 0)
    {
        engine.Reset();
        var outputs = new float[rows.Count][];
        for (int row = 0; row < outputs.Length; row++)
        {
            if (sequence > 0 && row % sequence == 0)
            {
                engine.Reset();
            }

            outputs[row] = new float[model.OutputLength];
            engine.Run(rows[row], outputs[row]);
        }

        return outputs;
    }

    private sealed class SessionEngine(Session session) : IEngine
    {
        public void Run(ReadOnlySpan<float> input, Span<float> output) => session.Run(input, output);

        public void Reset() => session.Reset();

        public void Dispose() => session.Dispose();
    }
}
