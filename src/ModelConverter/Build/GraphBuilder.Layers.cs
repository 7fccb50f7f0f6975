using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Build;

/// <summary>The windows of a convolution or pooling along one axis.</summary>
/// <param name="Kernel">Elements of a window.</param>
/// <param name="Stride">Elements from one window to the next.</param>
/// <param name="Dilation">Elements from one of a window to the next.</param>
/// <param name="PadBegin">Elements before the tensor.</param>
/// <param name="PadEnd">Elements after it.</param>
/// <param name="Outputs">Number of windows.</param>
internal readonly record struct Window(int Kernel, int Stride, int Dilation, int PadBegin, int PadEnd, int Outputs);

/// <content>Layers.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Matrix product of two tensors, broadcast over the axes before the last two.</summary>
    public Value MatMul(Value a, Value b)
    {
        if (a.Shape.Length < 2 || b.Shape.Length < 2 || a.Shape[^1] != b.Shape[^2])
        {
            throw new ArgumentException($"multiplies the shapes {Text(a.Shape)} and {Text(b.Shape)}, which do not match");
        }

        return Add(Opcode.MatMul, [a, b], [.. Broadcast(a.Shape[..^2], b.Shape[..^2]), a.Shape[^2], b.Shape[^1]]);
    }

    /// <summary>Convolution with channels last.</summary>
    /// <param name="x">[n, h, w, in].</param>
    /// <param name="weights">Constant [out, kernel h, kernel w, in / groups].</param>
    /// <param name="bias">Constant [out], or null.</param>
    /// <param name="vertical">Windows along h.</param>
    /// <param name="horizontal">Windows along w.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="configure">What makes another form of the float32 operator, or null.</param>
    public Value Conv(Value x, Value weights, Value? bias, Window vertical, Window horizontal, int groups, Action<Node>? configure = null) =>
        Add(Opcode.Conv, [x, weights, bias], [x.Shape[0], vertical.Outputs, horizontal.Outputs, weights.Shape[0]], node =>
        {
            SetConv(node, vertical, horizontal, groups);
            configure?.Invoke(node);
        });

    /// <summary>Transposed convolution with channels last; parameters as <see cref="Conv"/>, the windows' outputs being those of the result.</summary>
    public Value ConvTranspose(Value x, Value weights, Value? bias, Window vertical, Window horizontal, int groups, Action<Node>? configure = null) =>
        Add(Opcode.ConvTranspose, [x, weights, bias], [x.Shape[0], vertical.Outputs, horizontal.Outputs, weights.Shape[0]], node =>
        {
            SetConv(node, vertical, horizontal, groups);
            configure?.Invoke(node);
        });

    /// <summary>MaxPool or AveragePool with channels last: x [n, h, w, c].</summary>
    public Value Pool(Opcode opcode, Value x, Window vertical, Window horizontal, bool countIncludePad = false) =>
        Add(opcode, [x], [x.Shape[0], vertical.Outputs, horizontal.Outputs, x.Shape[3]], node =>
        {
            SetPair(node, PoolRule.Kernel, vertical.Kernel, horizontal.Kernel);
            SetPair(node, PoolRule.Stride, vertical.Stride, horizontal.Stride);
            SetPair(node, PoolRule.Dilation, vertical.Dilation, horizontal.Dilation);
            SetPair(node, PoolRule.Pad, vertical.PadBegin, horizontal.PadBegin);
            SetPair(node, PoolRule.PadEnd, vertical.PadEnd, horizontal.PadEnd);
            node.With(PoolRule.CountIncludePad, countIncludePad ? 1 : 0);
            if (x.Type == TensorType.Int8)
            {
                node.With(PoolRule.Min, sbyte.MinValue).With(PoolRule.Min + 1, sbyte.MaxValue);
            }
        });

    /// <summary>Normalisation over the last axes; scale and bias are constants of their shape, or null.</summary>
    public Value LayerNormalization(Value x, int axes, float epsilon, Value? scale = null, Value? bias = null, bool center = true) =>
        Add(Opcode.LayerNormalization, [x, scale, bias], x.Shape, node => node
            .With(LayerNormalizationRule.Axes, axes)
            .With(LayerNormalizationRule.Center, center ? 1 : 0)
            .With(LayerNormalizationRule.Epsilon, epsilon));

    /// <summary>
    /// (x − mean)·factor + shift, as one Mul and one Add where that loses no more than 1e-5 in float32, else with the
    /// subtraction on its own: it is exact where x is near the mean.
    /// </summary>
    /// <param name="x">The value.</param>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="factor">What to multiply each by.</param>
    /// <param name="shift">What to add to each.</param>
    /// <param name="shape">The shape of all three, to be broadcast against x.</param>
    public Value Standardise(Value x, float[] mean, double[] factor, float[] shift, int[] shape)
    {
        Value scale = Value.Constant(Name + ".scale", Array.ConvertAll(factor, value => (float)value), shape);
        double largest = mean.Zip(factor, (m, f) => Math.Abs(m * f)).Max();
        if (largest * StandardisationFold.Rounding <= StandardisationFold.LargestLoss)
        {
            float[] sum = [.. shift.Select((value, i) => (float)(value - (mean[i] * factor[i])))];
            return Arithmetic(Opcode.Add, Arithmetic(Opcode.Mul, x, scale), Value.Constant(Name + ".shift", sum, shape));
        }

        Value scaled = Arithmetic(Opcode.Mul, Arithmetic(Opcode.Sub, x, Value.Constant(Name + ".mean", mean, shape)), scale);
        return Array.TrueForAll(shift, value => value == 0) ? scaled : Arithmetic(Opcode.Add, scaled, Value.Constant(Name + ".shift", shift, shape));
    }

    /// <summary>Local response normalisation over the last axis.</summary>
    public Value LRN(Value x, int size, float alpha, float beta, float bias) =>
        Add(Opcode.LRN, [x], x.Shape, node => node.With(LRNRule.Size, size).With(LRNRule.Alpha, alpha).With(LRNRule.Beta, beta).With(LRNRule.Bias, bias));

    private static void SetConv(Node node, Window vertical, Window horizontal, int groups)
    {
        node.WithActivation(DenseRule.Activation, ActivationKind.Linear);
        SetPair(node, ConvRule.Stride, vertical.Stride, horizontal.Stride);
        SetPair(node, ConvRule.Dilation, vertical.Dilation, horizontal.Dilation);
        SetPair(node, ConvRule.Pad, vertical.PadBegin, horizontal.PadBegin);
        node.With(ConvRule.Groups, groups);
    }

    private static void SetPair(Node node, int parameter, int vertical, int horizontal) =>
        node.With(parameter, vertical).With(parameter + 1, horizontal);
}
