using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Optimize;

/// <summary>A rewrite of a graph that keeps its results.</summary>
internal interface IGraphPass
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Rewrites what it can.</summary>
    /// <returns>Whether anything changed.</returns>
    bool Run(Graph graph);
}
