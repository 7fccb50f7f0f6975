using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Optimize.Passes;

namespace EdgeInference.ModelConverter.Optimize;

/// <summary>Runs the passes until none finds anything.</summary>
internal static class GraphOptimizer
{
    // Each pass removes nodes or moves them one way, so that a fixed point comes; the limit is for a pass that breaks this.
    private const int MaxRounds = 1000;

    private static readonly IGraphPass[] passes =
    [
        new ConstantFolding(),
        new ReshapeRemoval(),
        new ActivationRecognition(),
        new TransposeMerging(),
        new TransposeSinking(),
        new ReshapeSinking(),
        new ScaleSinking(),
        new BiasFusion(),
        new InputScaleFolding(),
        new OutputScaleFolding(),
        new PadFusion(),
        new ActivationFusion(),
        new DeadNodeRemoval(),
    ];

    /// <summary>The passes in their order.</summary>
    public static IReadOnlyList<IGraphPass> Passes => passes;

    /// <summary>Rewrites a graph in place, and returns it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="log">Notes what each pass does, or null.</param>
    /// <param name="cancellation">Stops between two passes.</param>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static Graph Optimize(Graph graph, PassLog? log = null, CancellationToken cancellation = default)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            bool changed = false;
            foreach (IGraphPass pass in passes)
            {
                cancellation.ThrowIfCancellationRequested();
                changed |= log is null ? pass.Run(graph) : log.Run(pass, graph);
            }

            if (!changed)
            {
                return graph;
            }
        }

        throw new InvalidOperationException("The graph passes do not converge.");
    }
}
