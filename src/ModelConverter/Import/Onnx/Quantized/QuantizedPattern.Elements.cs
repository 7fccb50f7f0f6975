using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx.Operators;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelConverter.Quantize.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <content>Element by element, and over several elements.</content>
internal sealed partial class QuantizedPattern
{
    private Value? Binary(OnnxNode node, Opcode opcode, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { } a || Known(node.Inputs[1]) is not { } b || (a.IsConstant && b.IsConstant))
        {
            return null;
        }

        var call = new OnnxNodeContext(scope, node);
        return !BinaryQuantizer.Fits(opcode, a, b, output.Quantization) ? null
            : scope.Quantized.Add(opcode, [a, b], GraphBuilder.Broadcast(a.Shape, b.Shape), output.Quantization, twin => BinaryQuantizer
                .SetFactors(twin, a, b, output.Quantization).With(BinaryRule.Min, output.Min).With(BinaryRule.Max, output.Max));
    }

    // Elements are joined at one scale.
    private Value? Joined(OnnxNode node, int depth)
    {
        if (node is not { Domain: OnnxDomains.Standard, OpType: "Concat" })
        {
            return null;
        }

        var parts = new List<Value>();
        foreach (string input in node.Inputs)
        {
            if (Real(input) is not { } real || (real.IsConstant ? Rounded(real) : Convert(input, depth + 1)) is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }

        var call = new OnnxNodeContext(scope, node);
        return scope.Builder.Concat(call.Axis(call.Int("axis", 1), parts[0].Shape.Length), [.. parts.Where(part => part.Elements > 0)]);
    }

    private Value Rounded(Value constant) => new(constant.Name + ".int8", TensorType.Int8, constant.Shape)
    {
        Data = Array.ConvertAll(constant.Floats, value => (sbyte)Math.Clamp(
            Math.Round((double)value / quantization.Scale, MidpointRounding.ToEven) + quantization.ZeroPoint, sbyte.MinValue, sbyte.MaxValue)),
        Quantization = quantization,
    };

    // With a number that is not a tensor of integers, which has no scale: a table.
    private Value? ByNumber(OnnxNode node)
    {
        if (node.Domain != OnnxDomains.Standard || node.Inputs.Count != 2)
        {
            return null;
        }

        for (int side = 0; side < 2; side++)
        {
            if (Real(node.Inputs[1 - side]) is not { IsConstant: true, Elements: 1, Type: TensorType.Float32 } constant
                || Known(node.Inputs[side]) is not { IsConstant: false } x || !x.Shape.AsSpan().SequenceEqual(Real(node.Outputs[0])!.Shape))
            {
                continue;
            }

            double number = constant.Floats[0];
            Func<double, double>? function = (node.OpType, side) switch
            {
                ("Add", _) => value => value + number,
                ("Sub", 0) => value => value - number,
                ("Sub", 1) => value => number - value,
                ("Mul", _) => value => value * number,
                ("Div", 0) => value => value / number,
                ("Min", _) => value => Math.Min(value, number),
                ("Max", _) => value => Math.Max(value, number),
                _ => null,
            };
            if (function is not null)
            {
                _ = new OnnxNodeContext(scope, node);
                return scope.Quantized.Apply(new UnaryFunction(function), x, quantization);
            }
        }

        return null;
    }

    private Value? GlobalMean(OnnxNode node, OutputRange output) => Known(node.Inputs[0]) is { IsConstant: false, Shape.Length: > 2 } x
        ? Sum(new OnnxNodeContext(scope, node), x, ReduceKind.Mean, [.. Enumerable.Range(2, x.Shape.Length - 2)], keepDimensions: true, output)
        : null;

    private Value? Sum(OnnxNode node, ReduceKind kind, OutputRange output)
    {
        if (Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        var call = new OnnxNodeContext(scope, node);
        return Sum(call, x, kind, ReductionOperators.Axes(call, x), call.Flag("keepdims", true), output);
    }

    // A sum or mean is requantized from the exact sum.
    private static Value? Sum(OnnxNodeContext call, Value x, ReduceKind kind, int[] axes, bool keepDimensions, OutputRange output)
    {
        int count = axes.Distinct().Aggregate(1, (product, axis) => product * x.Shape[axis]);
        if (output.IsClamped || ReduceQuantizer.Factor(kind, x, count, output.Quantization) is not { } factor)
        {
            return null;
        }

        return call.Builder.Reduce(kind, x, axes, keepDimensions, node =>
        {
            node.With(ReduceRule.Multiplier, factor.Multiplier).With(ReduceRule.Shift, factor.Shift);
            (node.Output.Type, node.Output.Quantization) = (TensorType.Int8, output.Quantization);
        });
    }

    // The kernel keeps the scale. At another one a second rounding would be off by more than one step: there a mean is a
    // convolution with ones, where each window has as many elements.
    private Value? Average(OnnxNode node, OutputRange output)
    {
        if (output.IsClamped || Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        return x.Quantization == output.Quantization ? Again(scope, node, x, node.Outputs[0]) : IntegerLayer.Average(new OnnxNodeContext(scope, node), x, output);
    }

    private Value? PRelu(OnnxNode node, OutputRange output)
    {
        if (output.IsClamped || Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        var call = new OnnxNodeContext(scope, node, x);
        return ActivationOperators.OverChannels(call, (channels, slopes) =>
        {
            sbyte[] entries = ActivationQuantizer.PReLUTables(slopes.Floats, x.Quantization!, output.Quantization);
            return scope.Quantized.Add(Opcode.Table, [channels, Value.Constant(scope.Builder.Name + ".table", entries, entries.Length)], channels.Shape, output.Quantization);
        });
    }

    // The kernel writes 16 bits, which are rounded once more to the scale asked for.
    private Value? Softmax(OnnxNode node, OutputRange output)
    {
        if (output.IsClamped || Known(node.Inputs[0]) is not { IsConstant: false } x)
        {
            return null;
        }

        bool fits = true;
        Value y = ActivationOperators.OverAxis(new OnnxNodeContext(scope, node, x), logits =>
        {
            fits = logits.LastDimension <= SoftmaxQuantizer.MaxInt8Classes;
            return scope.Builder.Add(Opcode.Softmax, [logits], logits.Shape, twin =>
            {
                SoftmaxQuantizer.SetFactors(twin, 1f);
                (twin.Output.Type, twin.Output.Quantization) = (TensorType.Int16, SoftmaxQuantizer.Int16Output);
            });
        });
        return fits ? scope.Quantized.Quantize(scope.Quantized.Dequantize(y), quantization) : null;
    }
}
