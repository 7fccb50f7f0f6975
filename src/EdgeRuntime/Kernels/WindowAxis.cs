using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels;

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

    /// <summary>What lies within x of each window.</summary>
    /// <param name="context">Where it is kept.</param>
    /// <param name="countIncludePad">Whether elements in the pads count too.</param>
    internal readonly unsafe WindowSpan* Spans(in BindContext context, bool countIncludePad)
    {
        var table = new SpanTable { Axis = this, CountIncludePad = countIncludePad };
        return (WindowSpan*)context.Table((long)Outputs * sizeof(WindowSpan), table, Fill);
    }

    /// <summary>How many elements of a window lie within x, or within x and its pads.</summary>
    internal readonly int Count(int output, bool includePad)
    {
        int low = includePad ? -pad : 0;
        int high = includePad ? Size + padEnd : Size;
        return FirstAt(output, high) - FirstAt(output, low);
    }

    private static unsafe void Fill(byte* destination, SpanTable table)
    {
        WindowAxis axis = table.Axis;
        for (int output = 0; output < axis.Outputs; output++)
        {
            int first = axis.FirstAt(output, 0);
            int end = Math.Max(first, axis.FirstAt(output, axis.Size));
            ((WindowSpan*)destination)[output] = new WindowSpan
            {
                First = first,
                Length = end - first,
                Position = first < end ? axis.Position(output, first) : 0,
                Count = table.CountIncludePad ? axis.Count(output, true) : end - first,
            };
        }
    }

    // The first element of a window at a position or behind it, the number of elements where none is. A file may declare
    // windows of millions of elements over pads, so that nobody may count them one by one.
    private readonly int FirstAt(int output, int position)
    {
        long distance = (long)position - Position(output, 0);
        return (int)Math.Clamp((distance + dilation - 1) / dilation, 0, Kernel);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct SpanTable
    {
        internal WindowAxis Axis;
        internal bool CountIncludePad;
    }
}

/// <summary>The part of one window that lies within x, along one axis.</summary>
internal struct WindowSpan
{
    /// <summary>The first element of the window within x.</summary>
    internal int First;

    /// <summary>Elements within x.</summary>
    internal int Length;

    /// <summary>Where in x the first of them is.</summary>
    internal int Position;

    /// <summary>Elements that an average divides by.</summary>
    internal int Count;
}
