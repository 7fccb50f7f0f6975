using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelTraining.Learners;

/// <summary>Trees that were learned: boosted ones, whose sums are logits, or those of a forest, whose mean is the probability.</summary>
internal sealed class TreeClassifier : IFittedClassifier
{
    private const int Sum = 0;
    private const int Mean = 1;

    private readonly LabelledTable table;
    private readonly TreeLists lists;
    private readonly bool isForest;
    private readonly bool acceptsMissing;
    private readonly int[] nodes;
    private readonly float[] thresholds;
    private readonly float[] weights;
    private readonly int[] targets;
    private readonly int targetCount;

    /// <param name="table">What it was learned from.</param>
    /// <param name="lists">The trees, of one target for two classes, else of one for each.</param>
    /// <param name="isForest">Whether the mean of leaves is a probability; else their sum is a logit.</param>
    /// <param name="acceptsMissing">Whether a missing value has a side at each split.</param>
    internal TreeClassifier(LabelledTable table, TreeLists lists, bool isForest, bool acceptsMissing)
    {
        this.table = table;
        this.lists = lists;
        this.isForest = isForest;
        this.acceptsMissing = acceptsMissing;
        nodes = [.. lists.Nodes];
        thresholds = [.. lists.Thresholds];
        weights = [.. lists.LeafWeights];
        targets = [.. lists.LeafTargets];
        targetCount = table.Classes.Count == 2 ? 1 : table.Classes.Count;
    }

    /// <inheritdoc/>
    public int ParameterCount => Enumerable.Range(0, thresholds.Length).Count(node => !lists.IsLeaf(node)) + weights.Length;

    /// <summary>Number of trees.</summary>
    internal int Trees => lists.Roots.Count;

    /// <inheritdoc/>
    public void Probabilities(ReadOnlySpan<float> row, Span<double> probabilities)
    {
        Span<double> sums = targetCount == 1 ? stackalloc double[1] : probabilities;
        sums.Clear();
        foreach (int root in lists.Roots)
        {
            int first = Leaf(row, root) * TreeLists.NodeInts;
            for (int i = nodes[first + 2]; i < nodes[first + 2] + nodes[first + 3]; i++)
            {
                sums[targets[i]] += weights[i];
            }
        }

        if (!isForest)
        {
            CrossEntropy.Probabilities(sums).CopyTo(probabilities);
            return;
        }

        foreach (ref double sum in sums)
        {
            sum /= Trees;
        }

        if (targetCount == 1)
        {
            (probabilities[0], probabilities[1]) = (1 - sums[0], sums[0]);
        }
    }

    /// <inheritdoc/>
    public Graph ToGraph()
    {
        var graph = new Graph
        {
            Metadata = new GraphMetadata { Labels = table.Classes, InputNames = table.Names, OutputRoles = [OutputRole.Probability], AcceptsMissing = acceptsMissing },
        };
        var input = new Value("input", TensorType.Float32, 1, table.Names.Count);
        graph.Inputs.Add(input);
        var builder = new GraphBuilder(graph) { Name = "trees" };
        Value value = builder.TreeEnsemble(input, lists, targetCount, isForest ? Mean : Sum);
        if (!isForest)
        {
            builder.Name = "probability";
            value = targetCount == 1 ? builder.Activation(ActivationKind.Sigmoid, value) : builder.Softmax(value);
        }

        value.Name = "output";
        graph.Outputs.Add(value);
        return graph;
    }

    // As TreeEnsembleRule says.
    private int Leaf(ReadOnlySpan<float> row, int node)
    {
        while (true)
        {
            int first = node * TreeLists.NodeInts;
            int feature = nodes[first];
            if (feature < 0)
            {
                return node;
            }

            float value = row[feature];
            bool goes = float.IsNaN(value) ? nodes[first + 1] == TreeEnsembleRule.MissingIsTrue : value <= thresholds[node];
            node = nodes[first + (goes ? 2 : 3)];
        }
    }
}
