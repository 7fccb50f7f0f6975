using EdgeInference.ModelConverter.Execution;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Report;

/// <summary>Runs rows of the model of a report, those of a large model by blocks.</summary>
internal sealed class ReportRuns : IDisposable
{
    private readonly EdgeModel model;
    private readonly bool isLarge;
    private readonly Session? session;
    private readonly IEngine? engine;

    // Blocks need a copy of the weights, in another order, that fewer rows do not repay.
    private const int LeastRows = 64;

    /// <summary>Makes a session.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">About how many rows will be run in all.</param>
    internal ReportRuns(EdgeModel model, int rows)
    {
        this.model = model;
        isLarge = rows >= LeastRows && LargeRuns.IsFor(model);
        session = isLarge ? model.CreateSession() : null;
        engine = isLarge ? null : Engines.Create(EngineKind.Fast, model);
    }

    /// <summary>The outputs of each row.</summary>
    internal float[][] Outputs(IReadOnlyList<float[]> rows) => session is not null ? LargeRuns.Run(session, rows) : engine!.RunAll(model, rows);

    /// <summary>How many sets of so many rows are best run at once; one where rows may be steps of a sequence.</summary>
    internal int Together(int rows) => isLarge ? Math.Max(1, LargeRuns.Rows / Math.Max(1, rows)) : 1;

    /// <summary>Frees the session.</summary>
    public void Dispose()
    {
        session?.Dispose();
        engine?.Dispose();
    }
}
