using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels;

/// <summary>The axes of a tensor that Reduce goes over, as many as a tensor can have.</summary>
internal static unsafe class ReduceAxes
{
    internal const int Count = FormatLayout.MaxRank;

    /// <summary>Writes the input's shape, and for each axis the elements from one to the next in the output: 0 along an axis that is reduced.</summary>
    /// <param name="context">The operator.</param>
    /// <param name="shape"><see cref="Count"/> sizes; those before the tensor's first axis are 1.</param>
    /// <param name="strides"><see cref="Count"/> strides.</param>
    internal static void Bind(in BindContext context, int* shape, int* strides)
    {
        TensorInfo x = context.Input(0);
        int axes = context.Operator.Int(ReduceRule.Axes);
        int stride = 1;
        for (int slot = Count - 1; slot >= 0; slot--)
        {
            int axis = slot - Count + x.Rank;
            shape[slot] = axis < 0 ? 1 : x.Dimension(axis);
            bool reduced = axis < 0 || (axes & (1 << axis)) != 0;
            strides[slot] = reduced ? 0 : stride;
            stride *= reduced ? 1 : shape[slot];
        }
    }
}
