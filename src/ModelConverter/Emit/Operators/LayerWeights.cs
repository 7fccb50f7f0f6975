using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>The integers of a layer with int8 weights.</summary>
internal static class LayerWeights
{
    /// <summary>The weights, [units, depth]; of 16 bits where there are halves.</summary>
    internal static int[] Integers(EmitContext context, TensorInfo weights, int halves = 1)
    {
        ReadOnlySpan<sbyte> stored = context.Data<sbyte>(weights);
        int depth = weights.Elements / (weights.Dimension(0) * halves);
        int[] integers = new int[stored.Length / halves];
        for (int i = 0; i < integers.Length; i++)
        {
            int place = (i / depth * halves * depth) + (i % depth);
            integers[i] = halves == 1 ? stored[place] : (256 * stored[place]) + stored[place + depth];
        }

        return integers;
    }

    /// <summary>
    /// The bias of each unit. In int8 the sum of the weights times the input's zero point joins it, modulo 2³² as in the engines; an int16
    /// input has none.
    /// </summary>
    /// <param name="context">The code.</param>
    /// <param name="weights">The weights, of 8 bits where the input is int8.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="type">Type of the input.</param>
    /// <param name="zeroPoint">Zero point of the input.</param>
    internal static long[] FoldedBias(EmitContext context, TensorInfo weights, TensorInfo? bias, TensorType type, int zeroPoint)
    {
        int units = weights.Dimension(0);
        int depth = weights.Elements / units;
        long[] folded = new long[units];
        for (int unit = 0; unit < units; unit++)
        {
            if (type == TensorType.Int16)
            {
                folded[unit] = bias is null ? 0 : context.Data<long>(bias)[unit];
                continue;
            }

            int sum = 0;
            foreach (sbyte weight in context.Data<sbyte>(weights).Slice(unit * depth, depth))
            {
                sum += weight;
            }

            int stored = bias is null ? 0 : context.Data<int>(bias)[unit];
            folded[unit] = unchecked(stored - (zeroPoint * sum));
        }

        return folded;
    }

    /// <summary>The same of an operator with the inputs of Dense.</summary>
    internal static long[] FoldedBias(EmitContext context, OperatorRecord record) =>
        FoldedBias(context, record.Inputs[1], record.HasInput(2) ? record.Inputs[2] : null, record.Inputs[0].Type, record.Inputs[0].ZeroPoint);
}
