using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Build;

/// <content>Features of a table.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Numbers made of the features of the last axis, an output for each column of the plan.</summary>
    /// <exception cref="ArgumentException">The plan is empty, or takes a feature that x does not have.</exception>
    public Value FeatureTransform(Value x, FeatureTransformPlan plan)
    {
        if (plan.Columns.Count == 0 || plan.Columns.Any(column => column.Source >= x.LastDimension))
        {
            throw new ArgumentException($"takes no feature, or one past the {x.LastDimension} of the shape {Text(x.Shape)}");
        }

        return Add(Opcode.FeatureTransform, [x, .. plan.Constants(Name)], [.. x.Shape[..^1], plan.Columns.Count]);
    }
}
