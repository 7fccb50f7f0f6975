using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelConverter.Operators.Reference;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Features of a table made into numbers for a layer.</summary>
internal sealed class FeatureTransform : OperatorDefinition
{
    // Every segment is an expression of its own.
    private const int MostValuesInCode = 32;

    /// <inheritdoc/>
    internal override Opcode Opcode => Opcode.FeatureTransform;

    /// <inheritdoc/>
    internal override ReferenceKernel? Reference => One(DoubleKernels.FeatureTransform);

    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool ReadsIntegers => true;

    /// <inheritdoc/>
    internal override long MultiplyAccumulates(OperatorShapes shapes) => 0;

    /// <inheritdoc/>
    internal override void Cost(OperatorRecord record, CostTerms cost)
    {
        double rows = (double)record.Inputs[0].Elements / record.Inputs[0].LastDimension;
        IReadOnlyList<FeatureColumn> columns = FeatureTransformPlan.Of(record).Columns;
        cost.Run("output", rows * columns.Count);
        cost.Run("line", rows * columns.Count(column => column.Kind == FeatureKind.PiecewiseLinear));
        cost.Run("step", rows * columns.Sum(Steps));

        // Source, kind, count and first value of each output, as int32.
        for (int i = 0; i < 4; i++)
        {
            cost.Numbers(columns.Count * sizeof(int));
        }

        cost.Numbers(record.HasInput(FeatureTransformRule.Values) ? record.Inputs[FeatureTransformRule.Values].Bytes : 0);
    }

    /// <inheritdoc/>
    internal override OperatorCode? Code(OperatorRecord record) => (code, transform) => code.FeatureTransform(transform);

    /// <inheritdoc/>
    internal override string? CodeObstacle(OperatorRecord record) =>
        FeatureTransformPlan.Of(record).Columns.FirstOrDefault(column => column.X.Length > MostValuesInCode) is { } column
            ? $"Code cannot be emitted for a FeatureTransform with {column.X.Length} knots or boundaries of a feature, more than {MostValuesInCode}; use the table form, --form table."
            : null;

    /// <inheritdoc/>
    internal override string? Stream(IFrameRewriter frames, Node node, MovingInput moving) => StreamRows(frames, node, moving);

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <inheritdoc/>
    internal override bool TryQuantize(IQuantizedForms forms, Node node, Precision precision) => false;

    // Comparisons of the search among the values of a column.
    private static double Steps(FeatureColumn column)
    {
        int searched = column.Kind switch { FeatureKind.PiecewiseLinear => Math.Max(0, column.X.Length - 2), FeatureKind.Bin => column.X.Length, _ => 0 };
        return Math.Ceiling(Math.Log2(searched + 1));
    }
}
