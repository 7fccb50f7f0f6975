using EdgeRuntime;

namespace ModelExporter.Commands;

/// <summary>One of the engines that can run a model on the desktop.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Runs one input.</summary>
    void Run(ReadOnlySpan<float> input, Span<float> output);
}

/// <summary>The engines, by the name that --engine takes.</summary>
internal static class Engines
{
    /// <summary>The names, the default first.</summary>
    internal static readonly string[] Names = ["fast", "reference", "nano"];

    /// <summary>Creates an engine for a model.</summary>
    internal static IEngine Create(string name, EdgeModel model) => name switch
    {
        "nano" => new NanoEngine(model),
        "reference" => new SessionEngine(model.CreateSession(KernelSet.Reference)),
        _ => new SessionEngine(model.CreateSession()),
    };

    /// <summary>Runs all rows.</summary>
    internal static float[][] RunAll(this IEngine engine, EdgeModel model, IReadOnlyList<float[]> rows)
    {
        var outputs = new float[rows.Count][];
        for (int row = 0; row < outputs.Length; row++)
        {
            outputs[row] = new float[model.OutputLength];
            engine.Run(rows[row], outputs[row]);
        }

        return outputs;
    }

    private sealed class SessionEngine(Session session) : IEngine
    {
        public void Run(ReadOnlySpan<float> input, Span<float> output)
        {
            session.Reset();
            session.Run(input, output);
        }

        public void Dispose() => session.Dispose();
    }
}
