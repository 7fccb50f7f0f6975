using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Operators;

/// <summary>Dense, Conv and ConvTranspose: constant weights, an optional bias and a fused activation in the same places.</summary>
internal abstract class WeightLayer : OperatorDefinition
{
    /// <inheritdoc/>
    internal override bool KeepsScale => false;

    /// <inheritdoc/>
    internal override bool IsLayer => true;

    /// <inheritdoc/>
    internal override int? ActivationPosition => DenseRule.Activation;

    /// <inheritdoc/>
    internal override bool MoveTranspose(ITransposeMover mover, Node node, int[] permutation) => false;

    /// <summary>Products of rows with a matrix, weights in RAM.</summary>
    /// <param name="cost">Where they are counted.</param>
    /// <param name="record">The layer.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    /// <param name="matrices">Matrices of that size, which take turns.</param>
    protected static void Matrix(CostTerms cost, OperatorRecord record, double rows, long depth, long units, long matrices = 1)
    {
        TensorType type = record.Inputs[0].Type;
        if (type == TensorType.Float32)
        {
            MatrixCost.Float32(cost, rows, depth, units, matrices);
            cost.Activation(record, rows * units);
        }
        else
        {
            MatrixCost.FixedPoint(cost, type, rows, depth, units, record.HasInput(5), matrices, matrices == 1 && MatrixCost.SharesFactors(type, rows));
        }
    }

    /// <summary>As with weights in RAM, a little more for each chunk; each unit has a sum, bias, multiplier and shift, and a unit that is longer than a chunk is put together.</summary>
    /// <param name="cost">Where they are counted.</param>
    /// <param name="record">The layer.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    protected static void ChunkedMatrix(CostTerms cost, OperatorRecord record, double rows, long depth, long units) =>
        MatrixCost.Chunks(cost, record.Inputs[0].Type, rows, depth, units, record.HasInput(5), units == record.Inputs[1].Dimension(0) && MatrixCost.SharesFactors(record.Inputs[0].Type, rows));
}
