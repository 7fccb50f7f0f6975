using EdgeInference.ModelConverter.Graphs;
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
    /// <param name="record">The layer.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    protected static KernelCost Matrix(OperatorRecord record, long rows, long depth, long units)
    {
        const int Lanes = 3;
        const int GroupInputs = KernelCost.GroupInputs;
        const int ArrayOverhead = KernelCost.ArrayOverhead;
        long groups = (depth + GroupInputs - 1) / GroupInputs;
        switch (record.Inputs[0].Type)
        {
            case TensorType.Float32:
                return KernelCost.FloatMatrix(rows, depth, units);
            case TensorType.Int16:
                // Eight bytes hold the weights of two units; each unit has a sum, bias, multiplier and shift.
                long pairs = (units + 1) / 2;
                return new KernelCost(rows * ((groups * (90 + (pairs * 84))) + (pairs * 30) + (units * 50)), (int)((groups * GroupInputs * pairs * 8) + (pairs * 8) + (units * 28)) + (7 * ArrayOverhead) + (record.HasInput(5) ? 512 : 0));
            case TensorType.Int8:
                // Eight bytes hold the weights of three units for one input; each unit has a sum, bias, multiplier and two shifts.
                long triples = (units + Lanes - 1) / Lanes;
                return new KernelCost(rows * ((groups * (90 + (triples * 84))) + (triples * 45) + (units * 60)), (int)((groups * GroupInputs * triples * 8) + (triples * 8) + (units * 20)) + (7 * ArrayOverhead) + (record.HasInput(5) ? 256 : 0));
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record.Inputs[0].Type, null);
        }
    }

    /// <summary>As with weights in RAM, a little more for each chunk; each unit has a sum, bias, multiplier and shift, and a unit that is longer than a chunk is put together.</summary>
    /// <param name="record">The layer.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    protected static KernelCost ChunkedMatrix(OperatorRecord record, long rows, long depth, long units)
    {
        long groups = (depth + KernelCost.GroupInputs - 1) / KernelCost.GroupInputs;
        long chunks = ((units * depth) + KernelCost.ChunkBytes - 1) / KernelCost.ChunkBytes;
        int unitBytes = record.Inputs[0].Type == TensorType.Int16 ? 25 : 13;
        long longUnit = depth > KernelCost.ChunkBytes ? depth : 0;
        return new KernelCost((rows * (chunks + 1) * groups * 64) + (rows * ((groups * units * 90) + (units * 60))) + (chunks * 200), (int)((units * unitBytes) + longUnit) + (7 * KernelCost.ArrayOverhead) + (record.HasInput(5) ? 512 : 0));
    }
}
