using EdgeInference.ModelConverter.Build;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>Windows by Keras's rules of padding: valid, same, and causal for sequences.</summary>
internal static class KerasWindows
{
    /// <summary>The window along the axis that a layer's call does not have.</summary>
    internal static readonly Window None = new(1, 1, 1, 0, 0, 1);

    /// <summary>A window over an axis. Same gives ⌈size / stride⌉ places and puts the odd element of padding at the end.</summary>
    internal static Window Of(KerasLayer layer, int size, int kernel, int stride, int dilation)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
        {
            throw layer.Fault($"has a kernel of {kernel}, a stride of {stride} and a dilation of {dilation}");
        }

        long reach = ((kernel - 1L) * dilation) + 1;
        long begin = 0;
        long end = 0;
        switch (layer.Text("padding"))
        {
            case "same":
                long total = Math.Max((((size - 1L) / stride) * stride) + reach - size, 0);
                begin = total / 2;
                end = total - begin;
                break;
            case "causal":
                begin = reach - 1;
                break;
            case "valid" or "":
                break;
            default:
                throw layer.Fault($"has the padding '{layer.Text("padding")}', which is not supported");
        }

        long places = (size + begin + end - reach) < 0 ? 0 : ((size + begin + end - reach) / stride) + 1;
        return places > 0
            ? new Window(kernel, stride, dilation, checked((int)begin), checked((int)end), checked((int)places))
            : throw layer.Fault($"has a kernel that spans {reach} elements on an axis of {size}");
    }

    /// <summary>The places of a transposed convolution: the convolution whose gradient it is pads as <see cref="Of"/> says.</summary>
    internal static Window Transposed(KerasLayer layer, int size, int kernel, int stride, int dilation, int? outputPadding)
    {
        if (kernel < 1 || stride < 1 || dilation < 1 || outputPadding < 0)
        {
            throw layer.Fault($"has a kernel of {kernel}, a stride of {stride} and a dilation of {dilation}");
        }

        long reach = ((kernel - 1L) * dilation) + 1;
        bool same = layer.Text("padding") == "same";
        long places = (same, outputPadding) switch
        {
            (true, null) => size * (long)stride,
            (false, null) => (size * (long)stride) + Math.Max(reach - stride, 0),
            (true, { } extra) => ((size - 1L) * stride) + reach - (2 * (reach / 2)) + extra,
            (false, { } extra) => ((size - 1L) * stride) + reach + extra,
        };
        long total = same ? Math.Max(((size - 1L) * stride) + reach - places, 0) : 0;
        return new Window(kernel, stride, dilation, checked((int)(total / 2)), 0, checked((int)places));
    }
}
