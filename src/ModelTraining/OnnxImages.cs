using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelTraining;

/// <summary>
/// The operators on images, [n, h, w, c] here and [n, c, h, w] in ONNX: every value of four dimensions is written channels
/// first, and transposed only where that changes the order of its elements.
/// </summary>
internal static class OnnxImages
{
    internal const int Rank = 4;

    private static readonly int[] toFirst = [0, 3, 1, 2];
    private static readonly int[] toLast = [0, 2, 3, 1];

    /// <summary>The sizes of the model's input without the batch: an image of one channel is taken channels first, since that is the same bytes.</summary>
    internal static int[] InputSizes(Value input) =>
        input.Shape.Length == Rank && IsSameOrder(input) ? [input.Shape[3], input.Shape[1], input.Shape[2]] : input.Shape[1..];

    /// <summary>The name of the model's input as later nodes read it.</summary>
    internal static string FromInput(OnnxGraphBuilder onnx, Value input) =>
        input.Shape.Length != Rank || IsSameOrder(input) ? input.Name : onnx.Node("Transpose", [input.Name], ("perm", toFirst));

    /// <summary>A value as it is here, channels last.</summary>
    internal static string ChannelsLast(OnnxGraphBuilder onnx, Value value, string name) =>
        value.Shape.Length == Rank ? onnx.Node("Transpose", [name], ("perm", toLast)) : name;

    /// <summary>A Conv without its activation.</summary>
    internal static string Conv(OnnxGraphBuilder onnx, Node node, string input)
    {
        Value weights = node.Input(1);
        int[] shape = weights.Shape;
        var inputs = new List<string> { input, onnx.Constant(ChannelsFirst(weights.Floats, shape), shape[0], shape[3], shape[1], shape[2]) };
        if (node.InputOrNull(2) is { } bias)
        {
            inputs.Add(onnx.Constant(bias.Floats, bias.Shape));
        }

        int[] kernel = [shape[1], shape[2]];
        int[] strides = node.Parameters[ConvRule.Stride..(ConvRule.Stride + 2)];
        int[] dilations = node.Parameters[ConvRule.Dilation..(ConvRule.Dilation + 2)];
        int[] pads = [.. node.Parameters[ConvRule.Pad..(ConvRule.Pad + 2)], 0, 0];
        for (int i = 0; i < 2; i++)
        {
            pads[2 + i] = PadEnd(node, i, kernel[i], strides[i], dilations[i], pads[i]);
        }

        return onnx.Node("Conv", [.. inputs], ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations), ("pads", pads), ("group", node.Parameters[ConvRule.Groups]));
    }

    /// <summary>A MaxPool or AveragePool.</summary>
    internal static string Pool(OnnxGraphBuilder onnx, Node node, string input)
    {
        int[] kernel = node.Parameters[PoolRule.Kernel..(PoolRule.Kernel + 2)];
        int[] strides = node.Parameters[PoolRule.Stride..(PoolRule.Stride + 2)];
        int[] dilations = node.Parameters[PoolRule.Dilation..(PoolRule.Dilation + 2)];
        int[] pads = node.Parameters[PoolRule.Pad..(PoolRule.Pad + 4)];
        for (int i = 0; i < 2; i++)
        {
            if (PadEnd(node, i, kernel[i], strides[i], dilations[i], pads[i]) > pads[2 + i])
            {
                throw new InputException($"{node} has windows outside its padding and cannot be written as ONNX.");
            }
        }

        if (node.Opcode == Opcode.MaxPool)
        {
            return onnx.Node("MaxPool", [input], ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations), ("pads", pads));
        }

        return dilations is [1, 1]
            ? onnx.Node("AveragePool", [input], ("kernel_shape", kernel), ("strides", strides), ("pads", pads), ("count_include_pad", node.Parameters[PoolRule.CountIncludePad]))
            : throw new InputException($"{node} has a dilation, which AveragePool does not support in ONNX opset 13.");
    }

    /// <summary>A Reshape that leaves the batch alone.</summary>
    internal static string Reshape(OnnxGraphBuilder onnx, Node node, string input)
    {
        Value source = node.Input(0);
        Value target = node.Output;
        if (source.Shape[0] != target.Shape[0])
        {
            throw new InputException($"{node} reshapes the batch and cannot be written as ONNX.");
        }

        string x = source.Shape.Length == Rank && !IsSameOrder(source) ? ChannelsLast(onnx, source, input) : input;

        // 0 keeps the batch as it is.
        if (target.Shape.Length != Rank)
        {
            return onnx.Node("Reshape", [x, onnx.Integers([0, .. target.Shape[1..]])]);
        }

        if (IsSameOrder(target))
        {
            return onnx.Node("Reshape", [x, onnx.Integers(0, target.Shape[3], target.Shape[1], target.Shape[2])]);
        }

        return onnx.Node("Transpose", [onnx.Node("Reshape", [x, onnx.Integers([0, .. target.Shape[1..]])])], ("perm", toFirst));
    }

    // One channel, or one pixel: both layouts are the same bytes.
    private static bool IsSameOrder(Value image) => image.Shape[3] == 1 || image.Shape[1] * image.Shape[2] == 1;

    // The padding behind the image that gives as many outputs as the node has.
    private static int PadEnd(Node node, int axis, int kernel, int stride, int dilation, int pad)
    {
        int size = node.Input(0).Shape[1 + axis];
        int reached = ((node.Output.Shape[1 + axis] - 1) * stride) + ((kernel - 1) * dilation) + 1;
        int end = reached - pad - size;
        return end > -stride ? Math.Max(0, end) : throw new InputException($"{node} leaves rows or columns out and cannot be written as ONNX.");
    }

    private static float[] ChannelsFirst(float[] weights, int[] shape)
    {
        float[] transposed = new float[weights.Length];
        int window = shape[1] * shape[2];
        for (int i = 0; i < weights.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, shape[3]);
            (int unit, int position) = Math.DivRem(pixel, window);
            transposed[(((unit * shape[3]) + channel) * window) + position] = weights[i];
        }

        return transposed;
    }
}
