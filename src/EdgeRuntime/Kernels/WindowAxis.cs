using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Kernels;

/// <summary>The windows of a pooling or a convolution along one axis.</summary>
internal struct WindowAxis
{
    private int stride;
    private int dilation;
    private int pad;
    private int padEnd;

    internal int Size;
    internal int Outputs;
    internal int Kernel;

    internal static WindowAxis OfPool(OperatorRecord parameters, int axis, int size, int outputs) => new()
    {
        Size = size,
        Outputs = outputs,
        Kernel = parameters.Int(PoolRule.Kernel + axis),
        stride = parameters.Int(PoolRule.Stride + axis),
        dilation = parameters.Int(PoolRule.Dilation + axis),
        pad = parameters.Int(PoolRule.Pad + axis),
        padEnd = parameters.Int(PoolRule.PadEnd + axis),
    };

    internal static WindowAxis OfConv(OperatorRecord parameters, int axis, int size, int outputs, int kernel) => new()
    {
        Size = size,
        Outputs = outputs,
        Kernel = kernel,
        stride = parameters.Int(ConvRule.Stride + axis),
        dilation = parameters.Int(ConvRule.Dilation + axis),
        pad = parameters.Int(ConvRule.Pad + axis),
    };

    /// <summary>Distance in x between neighbours of a window.</summary>
    internal readonly int Dilation => dilation;

    /// <summary>Where in x, or outside it, an element of a window lies.</summary>
    internal readonly int Position(int output, int element) => (output * stride) - pad + (element * dilation);

    /// <summary>The elements of a window that lie within x: from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    internal readonly void Within(int output, out int first, out int end)
    {
        first = 0;
        int position = Position(output, 0);
        for (; position < 0 && first < Kernel; position += dilation)
        {
            first++;
        }

        end = Kernel;
        for (position = Position(output, Kernel - 1); position >= Size && end > first; position -= dilation)
        {
            end--;
        }
    }

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
