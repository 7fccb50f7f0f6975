using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx.Operators;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>Dense and Conv on int8: the source's weights, its bias at the scale of the products, and a multiplier for each scale.</summary>
internal static class IntegerLayer
{
    // With a bias below half of int32, so many products of a centred input (255 at the most) and a weight (128) cannot overflow.
    private const int MaxDepth = 1 << 15;
    private const double BiasLimit = 1 << 30;
    private const double MultiplierLimit = 1 << 30;

    // The integer that stands for 1 where a convolution adds up.
    private const float One = 64f;

    /// <summary>A convolution that the call's attributes describe, or null if its numbers do not fit.</summary>
    /// <param name="call">The convolution.</param>
    /// <param name="x">The int8 input, channels on axis 1.</param>
    /// <param name="weights">Weights [out, in / groups, ...].</param>
    /// <param name="bias">The bias in units of input scale times weight scale, or null.</param>
    /// <param name="output">The output's scale.</param>
    internal static Value? Conv(OnnxNodeContext call, Value x, IntegerWeights weights, double[]? bias, OutputRange output) =>
        Fill(x, weights, weights.Centred.Shape[0], bias, output) is { } fill ? ConvolutionOperators.Convolve(call, x, weights.Centred, null, fill) : null;

    /// <summary>A transposed convolution that the call's attributes describe, or null if its numbers do not fit.</summary>
    /// <param name="call">The convolution.</param>
    /// <param name="x">The int8 input, channels on axis 1.</param>
    /// <param name="weights">Weights [in, out / groups, ...], with one scale or one for each output channel of all groups.</param>
    /// <param name="bias">The real bias, or null.</param>
    /// <param name="output">The output's scale.</param>
    internal static Value? ConvTranspose(OnnxNodeContext call, Value x, IntegerWeights weights, Value? bias, OutputRange output)
    {
        int units = checked(weights.Centred.Shape[1] * (int)call.Int("group", 1));
        double[]? integers = bias is null ? null : Bias(bias.Floats, units, x, weights);
        return Fill(x, weights, units, integers, output) is { } fill ? ConvolutionOperators.ConvolveTransposed(call, x, weights.Centred, null, fill) : null;
    }

    /// <summary>A mean over windows, as a convolution of each channel with ones; null if windows have different numbers of elements.</summary>
    internal static Value? Average(OnnxNodeContext call, Value x, OutputRange output)
    {
        int axes = x.Shape.Length - 2;
        int[] kernel = OnnxWindows.Sizes(call, "kernel_shape", axes);
        Window[] windows = OnnxWindows.Read(call, x, kernel, call.Flag("ceil_mode"));
        bool padded = call.Flag("count_include_pad");
        bool even = windows.Index().All(axis =>
        {
            (int i, Window window) = axis;
            long end = ((window.Outputs - 1L) * window.Stride) + ((window.Kernel - 1L) * window.Dilation) + 1;
            return padded ? end <= (long)window.PadBegin + x.Shape[2 + i] + window.PadEnd : window.PadBegin == 0 && end <= x.Shape[2 + i];
        });
        int channels = x.Shape[1];
        long count = GraphBuilder.Elements(kernel);
        if (axes > 2 || !even || count > MaxDepth)
        {
            return null;
        }

        // Wide products lose nothing to the rounding that comes before the shift.
        Value ones = Value.Constant(call.Builder.Name + ".ones", [.. Enumerable.Repeat(One, checked(channels * (int)count))], [channels, 1, .. kernel]);
        return Fill(x, new IntegerWeights(ones, [1f / (One * count)]), channels, null, output) is { } fill
            ? ConvolutionOperators.Convolve(call, x, ones, windows, channels, null, fill)
            : null;
    }

    /// <summary>A product with weights [out, in] over the last axis of x, or null if its numbers do not fit.</summary>
    internal static Value? Dense(GraphBuilder builder, Value x, IntegerWeights weights, double[]? bias, OutputRange output) =>
        Fill(x, weights, weights.Centred.Shape[0], bias, output) is { } fill ? builder.Dense(x, weights.Centred, null, fill) : null;

    /// <summary>A real bias in units of input scale times weight scale.</summary>
    internal static double[] Bias(float[] real, int units, Value x, IntegerWeights weights) =>
        [.. Enumerable.Range(0, units).Select(unit => Math.Round(
            real[real.Length == 1 ? 0 : unit] / ((double)x.Quantization!.Scale * Scale(weights, unit)), MidpointRounding.ToEven))];

    private static Action<Node>? Fill(Value x, IntegerWeights weights, int units, double[]? bias, OutputRange output)
    {
        double[] real = Array.ConvertAll(weights.Scales, scale => (double)x.Quantization!.Scale * scale / output.Quantization.Scale);
        bool fits = x.Type == TensorType.Int8 && weights.Centred.Elements / units <= MaxDepth && Array.TrueForAll(real, value => value < MultiplierLimit)
            && (bias is null || Array.TrueForAll(bias, value => Math.Abs(value) < BiasLimit));
        return !fits ? null : node =>
        {
            QuantizedMultiplier[] factors = Array.ConvertAll(real, QuantizedMultiplier.From);
            Value source = node.Input(1);
            Value integers = Value.Constant(source.Name, Array.ConvertAll(source.Floats, weight => (sbyte)weight), source.Shape);
            integers.Quantization = new Quantization(weights.Scales[0], 0, weights.Scales.Length == 1 ? null : weights.Scales);
            node.Inputs[1] = integers;
            node.Inputs.Add(bias is null ? null : Value.Constant(source.Name + ".bias", Array.ConvertAll(bias, value => (int)value), units));
            node.Inputs.Add(Value.Constant(source.Name + ".multipliers", Array.ConvertAll(factors, factor => factor.Multiplier), factors.Length));
            node.Inputs.Add(Value.Constant(source.Name + ".shifts", Array.ConvertAll(factors, factor => (sbyte)factor.Shift), factors.Length));
            node.Output.Type = TensorType.Int8;
            node.Output.Quantization = output.Quantization;
            node.With(DenseRule.Min, output.Min).With(DenseRule.Max, output.Max).With(DenseRule.ZeroPoint, output.Quantization.ZeroPoint);
        };
    }

    private static float Scale(IntegerWeights weights, int unit) => weights.Scales[weights.Scales.Length == 1 ? 0 : unit];
}
