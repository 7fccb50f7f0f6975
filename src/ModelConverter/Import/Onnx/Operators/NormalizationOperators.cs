using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Normalisations.</summary>
internal static class NormalizationOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("BatchNormalization", BatchNormalization),
        new("InstanceNormalization", InstanceNormalization),
        new("GroupNormalization", GroupNormalization),
        new("LayerNormalization", LayerNormalization),
        new("RMSNormalization", RMSNormalization),
        new("MeanVarianceNormalization", MeanVarianceNormalization),
        new("LpNormalization", LpNormalization),
        new("LRN", LRN),
    ];

    private static void BatchNormalization(OnnxNodeContext call)
    {
        call.Ignore("momentum", "is_test");
        if (call.Flag("training_mode") || call.Int("spatial", 1) != 1 || Enumerable.Range(1, 4).Any(call.Wants))
        {
            throw call.Fault("is in training mode or not spatial; export the model with model.eval()");
        }

        Value x = call.Input(0);
        double epsilon = call.Float("epsilon", 1e-5f);
        float[][] constants = [call.Constants(1), call.Constants(2), call.Constants(3), call.Constants(4)];
        int channels = x.Shape.Length > 1 ? x.Shape[1] : 1;
        if (Array.Exists(constants, values => values.Length != channels))
        {
            throw call.Fault($"normalises {channels} channels with constants for a different number");
        }

        double[] factor = [.. constants[0].Zip(constants[3], (gamma, variance) => gamma / Math.Sqrt(variance + epsilon))];
        call.Output(call.Builder.Standardise(x, constants[2], factor, constants[1], ChannelShape(x, channels)));
    }

    private static int[] ChannelShape(Value x, int channels) => [channels, .. Enumerable.Repeat(1, Math.Max(x.Shape.Length - 2, 0))];

    private static void InstanceNormalization(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        if (x.Shape.Length < 3)
        {
            throw call.Fault($"normalises the shape {GraphBuilder.Text(x.Shape)}, which has no pixels");
        }

        GraphBuilder builder = call.Builder;
        int pixels = x.Elements / x.Shape[0] / x.Shape[1];
        Value flat = builder.Reshape(x, x.Shape[0], x.Shape[1], pixels);
        Value normalized = builder.LayerNormalization(flat, 1, call.Float("epsilon", 1e-5f));
        Value scale = builder.Reshape(call.Input(1), ChannelShape(x, x.Shape[1]));
        Value bias = builder.Reshape(call.Input(2), ChannelShape(x, x.Shape[1]));
        call.Output(builder.Arithmetic(Opcode.Add, builder.Arithmetic(Opcode.Mul, builder.Reshape(normalized, x.Shape), scale), bias));
    }

    private static void GroupNormalization(OnnxNodeContext call)
    {
        call.Ignore("stash_type");
        Value x = call.Input(0);
        long groups = call.Int("num_groups");
        if (x.Shape.Length < 2 || groups < 1 || x.Shape[1] % groups != 0)
        {
            throw call.Fault($"normalises {GraphBuilder.Text(x.Shape)} in {groups} groups");
        }

        GraphBuilder builder = call.Builder;
        Value flat = builder.Reshape(x, x.Shape[0], (int)groups, x.Elements / x.Shape[0] / (int)groups);
        Value normalized = builder.Reshape(builder.LayerNormalization(flat, 1, call.Float("epsilon", 1e-5f)), x.Shape);
        Value scale = PerChannel(call.Input(1));
        Value bias = PerChannel(call.Input(2));
        call.Output(builder.Arithmetic(Opcode.Add, builder.Arithmetic(Opcode.Mul, normalized, scale), bias));

        // Until opset 20 there was one number for each group.
        Value PerChannel(Value value)
        {
            if (value.Elements != x.Shape[1])
            {
                Value column = builder.Reshape(value, (int)groups, 1);
                value = builder.Expand(column, (int)groups, x.Shape[1] / (int)groups);
            }

            return builder.Reshape(value, ChannelShape(x, x.Shape[1]));
        }
    }

    private static void LayerNormalization(OnnxNodeContext call)
    {
        call.Ignore("stash_type");
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Shape.Length);
        float epsilon = call.Float("epsilon", 1e-5f);
        call.Output(Normalize(call, x, axis, epsilon, center: true));
        if (call.Wants(1) || call.Wants(2))
        {
            int[] axes = [.. Enumerable.Range(axis, x.Shape.Length - axis)];
            Value mean = call.Builder.Reduce(ReduceKind.Mean, x, axes);
            call.Output(1, mean);
            Value deviation = call.Builder.Arithmetic(Opcode.Sub, x, mean);
            Value variance = call.Builder.Reduce(ReduceKind.Mean, call.Builder.Unary(UnaryKind.Square, deviation), axes);
            Value raised = call.Builder.Arithmetic(Opcode.Add, variance, call.Builder.Scalar(epsilon));
            call.Output(2, call.Builder.Unary(UnaryKind.Reciprocal, call.Builder.Unary(UnaryKind.Sqrt, raised)));
        }
    }

    private static void RMSNormalization(OnnxNodeContext call)
    {
        call.Ignore("stash_type");
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Shape.Length);
        call.Output(Normalize(call, x, axis, call.Float("epsilon", 1e-5f), center: false));
    }

    private static Value Normalize(OnnxNodeContext call, Value x, int axis, float epsilon, bool center)
    {
        int[] depth = x.Shape[axis..];
        Value? scale = call.InputOrNull(1);
        Value? bias = call.InputOrNull(2);
        bool inside = (scale is null or { IsConstant: true }) && (bias is null or { IsConstant: true });
        if (inside)
        {
            Value? wideScale = scale is null ? null : call.Builder.Expand(scale, depth);
            Value? wideBias = bias is null ? null : call.Builder.Expand(bias, depth);
            return call.Builder.LayerNormalization(x, depth.Length, epsilon, wideScale, wideBias, center);
        }

        Value y = call.Builder.LayerNormalization(x, depth.Length, epsilon, center: center);
        y = scale is null ? y : call.Builder.Arithmetic(Opcode.Mul, y, scale);
        return bias is null ? y : call.Builder.Arithmetic(Opcode.Add, y, bias);
    }

    private static void MeanVarianceNormalization(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int[] axes = [.. (call.Ints("axes") ?? [0, 2, 3]).Select(axis => call.Axis(axis, x.Shape.Length))];
        Value deviation = call.Builder.Arithmetic(Opcode.Sub, x, call.Builder.Reduce(ReduceKind.Mean, x, axes));
        Value variance = call.Builder.Reduce(ReduceKind.Mean, call.Builder.Unary(UnaryKind.Square, deviation), axes);
        Value spread = call.Builder.Arithmetic(Opcode.Add, call.Builder.Unary(UnaryKind.Sqrt, variance), call.Builder.Scalar(1e-9));
        call.Output(call.Builder.Arithmetic(Opcode.Div, deviation, spread));
    }

    private static void LpNormalization(OnnxNodeContext call)
    {
        Value x = call.Input(0);
        int axis = call.Axis(call.Int("axis", -1), x.Shape.Length);
        ReduceKind kind = call.Int("p", 2) switch
        {
            1 => ReduceKind.L1,
            2 => ReduceKind.L2,
            long p => throw call.Fault($"has p = {p}; 1 and 2 are supported"),
        };
        call.Output(NormOrZero(call, x, call.Builder.Reduce(kind, x, [axis])));
    }

    // A vector of zeros stays what it is.
    internal static Value NormOrZero(OnnxNodeContext call, Value x, Value norm)
    {
        Value safe = call.Builder.Where(norm, norm, call.Builder.Scalar(1));
        return call.Builder.Arithmetic(Opcode.Div, x, safe);
    }

    private static void LRN(OnnxNodeContext call)
    {
        long size = call.Int("size");
        if (size is < 1 or > 1 << 20)
        {
            throw call.Fault($"sums over {size} channels");
        }

        Value last = call.Builder.ChannelsLast(call.Input(0));
        Value y = call.Builder.LRN(last, (int)size, call.Float("alpha", 1e-4f), call.Float("beta", 0.75f), call.Float("bias", 1f));
        call.Output(call.Builder.ChannelsFirst(y));
    }
}
