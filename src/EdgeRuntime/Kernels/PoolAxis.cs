using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels;

/// <summary>The windows of a pooling along one axis.</summary>
internal struct PoolAxis
{
    private int stride;
    private int dilation;
    private int pad;
    private int padEnd;

    internal int Size;
    internal int Outputs;
    internal int Kernel;

    internal static PoolAxis Of(OperatorRecord parameters, int axis, int size, int outputs) => new()
    {
        Size = size,
        Outputs = outputs,
        Kernel = parameters.Int(PoolRule.Kernel + axis),
        stride = parameters.Int(PoolRule.Stride + axis),
        dilation = parameters.Int(PoolRule.Dilation + axis),
        pad = parameters.Int(PoolRule.Pad + axis),
        padEnd = parameters.Int(PoolRule.PadEnd + axis),
    };

    /// <summary>Where in x, or outside it, an element of a window lies.</summary>
    internal readonly int Position(int output, int element) => (output * stride) - pad + (element * dilation);

    /// <summary>How many elements of a window lie within x, or within x and its pads.</summary>
    internal readonly int Count(int output, bool includePad)
    {
        int low = includePad ? -pad : 0;
        int high = includePad ? Size + padEnd : Size;
        int count = 0;
        for (int i = 0; i < Kernel; i++)
        {
            int position = Position(output, i);
            count += position >= low && position < high ? 1 : 0;
        }

        return count;
    }
}
