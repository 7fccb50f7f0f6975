using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Learners;

namespace EdgeInference.ModelTraining.Search;

/// <summary>Classifiers of different kinds that decide by the mean of their probabilities: they seldom err on the same rows.</summary>
internal sealed class Committee(IReadOnlyList<IFittedClassifier> members) : IFittedClassifier
{
    /// <inheritdoc/>
    public int ParameterCount => members.Sum(member => member.ParameterCount);

    /// <inheritdoc/>
    public void Probabilities(ReadOnlySpan<float> row, Span<double> probabilities)
    {
        var one = new double[probabilities.Length];
        probabilities.Clear();
        foreach (IFittedClassifier member in members)
        {
            member.Probabilities(row, one);
            for (int c = 0; c < one.Length; c++)
            {
                probabilities[c] += one[c] / members.Count;
            }
        }
    }

    /// <inheritdoc/>
    public Graph ToGraph()
    {
        Graph whole = members[0].ToGraph();
        var builder = new GraphBuilder(whole) { Name = "committee" };
        Value sum = whole.Outputs[0];
        bool acceptsMissing = whole.Metadata.AcceptsMissing;
        sum.Name = "member1";
        for (int i = 1; i < members.Count; i++)
        {
            Graph part = members[i].ToGraph();
            acceptsMissing &= part.Metadata.AcceptsMissing;
            part.Replace(part.Inputs[0], whole.Inputs[0]);
            Node[] nodes = [.. part.Nodes];
            foreach (Node node in nodes)
            {
                whole.Nodes.Add(node);
            }

            part.Outputs[0].Name = $"member{i + 1}";
            sum = builder.Arithmetic(Opcode.Add, sum, part.Outputs[0]);
        }

        whole.Outputs[0] = builder.Arithmetic(Opcode.Mul, sum, builder.Scalar(1.0 / members.Count));
        whole.Outputs[0].Name = "output";
        whole.Metadata = whole.Metadata with { AcceptsMissing = acceptsMissing };
        return whole;
    }
}
