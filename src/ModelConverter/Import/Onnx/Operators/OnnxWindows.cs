using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Reads the attributes that convolutions and poolings share: kernel, strides, dilations, pads in every form.</summary>
internal static class OnnxWindows
{
    /// <summary>A window for each spatial axis of x, whose channels are on axis 1.</summary>
    internal static Window[] Read(OnnxNodeContext call, Value x, int[] kernel, bool ceilMode = false)
    {
        int axes = x.Shape.Length - 2;
        if (axes < 1 || kernel.Length != axes)
        {
            throw call.Fault($"has a window of {kernel.Length} axes on the shape {GraphBuilder.Text(x.Shape)}");
        }

        int[] strides = Sizes(call, "strides", axes);
        int[] dilations = Sizes(call, "dilations", axes);
        (int[] begins, int[] ends) = Pads(call, axes);
        string autoPad = call.Text("auto_pad", "NOTSET");
        var windows = new Window[axes];
        for (int i = 0; i < axes; i++)
        {
            int size = x.Shape[2 + i];
            long extent = ((kernel[i] - 1L) * dilations[i]) + 1;
            windows[i] = autoPad switch
            {
                "NOTSET" or "" => Window(call, size, kernel[i], strides[i], dilations[i], begins[i], ends[i], ceilMode),
                "VALID" => Window(call, size, kernel[i], strides[i], dilations[i], 0, 0, ceilMode),
                "SAME_UPPER" or "SAME_LOWER" => Same(size, kernel[i], strides[i], dilations[i], extent, autoPad == "SAME_UPPER"),
                _ => throw call.Fault($"has the unknown auto_pad '{autoPad}'"),
            };
        }

        return windows;
    }

    /// <summary>A list of sizes, one for each axis, 1 where the attribute is absent.</summary>
    internal static int[] Sizes(OnnxNodeContext call, string name, int axes)
    {
        long[] values = call.Ints(name) ?? [.. Enumerable.Repeat(1L, axes)];
        if (values.Length != axes || Array.Exists(values, value => value is < 1 or > 65535))
        {
            throw call.Fault($"has {name} [{string.Join(", ", values)}] for {axes} axes");
        }

        return Array.ConvertAll(values, value => (int)value);
    }

    /// <summary>The pads before and after each axis.</summary>
    internal static (int[] Begins, int[] Ends) Pads(OnnxNodeContext call, int axes)
    {
        long[] pads = call.Ints("pads") ?? new long[2 * axes];
        if (pads.Length != 2 * axes || Array.Exists(pads, pad => pad is < 0 or > 1 << 24))
        {
            throw call.Fault($"has pads [{string.Join(", ", pads)}] for {axes} axes");
        }

        int[] all = Array.ConvertAll(pads, pad => (int)pad);
        return (all[..axes], all[axes..]);
    }

    private static Window Window(OnnxNodeContext call, int size, int kernel, int stride, int dilation, int begin, int end, bool ceilMode)
    {
        long free = size + (long)begin + end - (((kernel - 1L) * dilation) + 1);
        if (free < 0)
        {
            throw call.Fault($"has a window of {kernel} with dilation {dilation} that does not fit in {size}");
        }

        long outputs = (free / stride) + 1;
        if (ceilMode && free % stride != 0 && outputs * stride < size + (long)begin)
        {
            // The last window must begin within the tensor or before it.
            outputs++;
        }

        return new Window(kernel, stride, dilation, begin, end, checked((int)outputs));
    }

    private static Window Same(int size, int kernel, int stride, int dilation, long extent, bool upper)
    {
        int outputs = (size + stride - 1) / stride;
        int total = (int)Math.Max(((outputs - 1L) * stride) + extent - size, 0);
        int begin = upper ? total / 2 : total - (total / 2);
        return new Window(kernel, stride, dilation, begin, total - begin, outputs);
    }
}
