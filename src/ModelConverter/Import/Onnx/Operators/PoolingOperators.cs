using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Poolings over one, two or three axes.</summary>
internal static class PoolingOperators
{
    private static readonly Window One = new(1, 1, 1, 0, 0, 1);

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("MaxPool", MaxPool),
        new("AveragePool", call => Pool(call, Opcode.AveragePool, call.Flag("count_include_pad"))),
        new("GlobalMaxPool", call => Global(call, Opcode.MaxPool, ReduceKind.Max)),
        new("GlobalAveragePool", call => Global(call, Opcode.AveragePool, ReduceKind.Mean)),
    ];

    private static void MaxPool(OnnxNodeContext call)
    {
        call.Ignore("storage_order");
        if (call.Wants(1))
        {
            throw call.Fault("also returns the indices of its maxima, which is not supported");
        }

        Pool(call, Opcode.MaxPool, false);
    }

    private static void Pool(OnnxNodeContext call, Opcode opcode, bool countIncludePad)
    {
        Value x = call.Input(0);
        int axes = x.Shape.Length - 2;
        int[] kernel = OnnxWindows.Sizes(call, "kernel_shape", axes);
        Window[] windows = OnnxWindows.Read(call, x, kernel, call.Flag("ceil_mode"));
        GraphBuilder builder = call.Builder;
        if (axes <= 2)
        {
            Value y = builder.Pool(opcode, ConvolutionOperators.Image(builder, x), axes == 2 ? windows[0] : One, windows[^1], countIncludePad);
            call.Output(ConvolutionOperators.Unimage(builder, y, axes));
            return;
        }

        if (axes > 3)
        {
            throw call.Fault($"pools over {axes} axes; at most three are supported");
        }

        // A window is a product of its axes, for maxima and for means: the inner two first, then the outer.
        Value last = builder.ChannelsLast(x);
        (int batch, int depth, int channels) = (last.Shape[0], last.Shape[1], last.Shape[4]);
        Value planes = builder.Reshape(last, batch * depth, last.Shape[2], last.Shape[3], channels);
        Value inner = builder.Pool(opcode, planes, windows[1], windows[2], countIncludePad);
        int pixels = windows[1].Outputs * windows[2].Outputs;
        Value columns = builder.Reshape(inner, batch, depth, pixels, channels);
        Value outer = builder.Pool(opcode, columns, windows[0], One with { Outputs = pixels }, countIncludePad);
        call.Output(builder.ChannelsFirst(builder.Reshape(outer, batch, windows[0].Outputs, windows[1].Outputs, windows[2].Outputs, channels)));
    }

    private static void Global(OnnxNodeContext call, Opcode opcode, ReduceKind reduction)
    {
        Value x = call.Input(0);
        int axes = x.Shape.Length - 2;
        if (axes is < 1 or > 2)
        {
            call.Output(call.Builder.Reduce(reduction, x, [.. Enumerable.Range(2, Math.Max(axes, 0))]));
            return;
        }

        Window vertical = axes == 2 ? new Window(x.Shape[2], 1, 1, 0, 0, 1) : One;
        Value y = call.Builder.Pool(opcode, ConvolutionOperators.Image(call.Builder, x), vertical, new Window(x.Shape[^1], 1, 1, 0, 0, 1));
        call.Output(ConvolutionOperators.Unimage(call.Builder, y, axes));
    }
}
