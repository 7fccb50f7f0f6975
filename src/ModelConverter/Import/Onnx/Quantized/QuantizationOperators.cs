using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import.Onnx.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>
/// Operators on quantized tensors: on the int8 kernels where types and scales allow, and always by value, for whoever reads
/// that: an integer is a float32 with that value, and sums are exact up to 2²⁴.
/// </summary>
internal static class QuantizationOperators
{
    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("QuantizeLinear", QuantizeLinear),
        new("DequantizeLinear", DequantizeLinear),
        new("DynamicQuantizeLinear", DynamicQuantizeLinear),
        new("QLinearConv", QLinearConv),
        new("QLinearMatMul", QLinearMatMul),
        new("ConvInteger", ConvInteger),
        new("MatMulInteger", MatMulInteger),
        new("QuantizeLinear", QuantizeLinear, OnnxDomains.Runtime),
        new("DequantizeLinear", DequantizeLinear, OnnxDomains.Runtime),
    ];

    private static void QuantizeLinear(OnnxNodeContext call)
    {
        call.Ignore("saturate", "precision");
        Value x = call.Input(0);
        var declared = (OnnxElementType)call.Int("output_dtype", 0);
        OnnxElementType type = call.Has(2) ? call.InputType(2) : declared != OnnxElementType.Undefined ? declared : OnnxElementType.UInt8;
        Value? int8 = null;
        if (!x.IsConstant && OnnxScaling.From(call, 1, 2, type)?.Int8 is { } quantization)
        {
            int8 = QuantizedPattern.Find(call.Scope, call.Node.Inputs[0], quantization);
            if (int8 is not null)
            {
                call.Ignore("axis", "block_size");
                call.Output(call.Scope.Quantized.ByValue(int8, type), type);
                return;
            }

            int8 = call.Scope.Quantized.Quantize(x, quantization);
        }

        Value scaled = call.Builder.Arithmetic(Opcode.Div, x, Along(call, x, call.Input(1)));
        Value values = Quantize(call, scaled, call.InputOrNull(2) is { } zero ? Along(call, x, zero) : null, type);
        if (int8 is not null)
        {
            call.Scope.Quantized.Set(values, int8);
        }

        call.Output(values, type);
    }

    private static void DequantizeLinear(OnnxNodeContext call)
    {
        call.Ignore("output_dtype");
        Value x = call.Input(0);
        Value scale = Along(call, x, call.Input(1));
        Value? zero = call.InputOrNull(2) is { } given ? Along(call, x, given) : null;
        OnnxScaling? scaling = call.Int("block_size", 0) == 0 ? OnnxScaling.From(call, 1, 2, call.InputType(), call.Int("axis", 1)) : null;
        Value real = scaling?.Int8 is { } quantization && QuantizedPattern.Integers(call.Scope, call.Node.Inputs[0], quantization) is { } int8
            ? call.Scope.Quantized.Dequantize(int8)
            : call.Builder.Arithmetic(Opcode.Mul, Centred(call, x, zero), scale);
        if (scaling is not null)
        {
            call.Scope.Quantized.Dequantized(real, call.Operand(0), scaling);
        }

        call.Output(real, call.InputType(1));
    }

    // Clip(round(x) + zero) to the type's range.
    private static Value Quantize(OnnxNodeContext call, Value x, Value? zero, OnnxElementType type)
    {
        (double low, double high) = type.Range();
        if (!double.IsFinite(low) || type.Bytes() > 2)
        {
            throw call.Fault($"quantizes to {type}; integers of 4 to 16 bits are supported");
        }

        Value rounded = call.Builder.Unary(UnaryKind.Round, x);
        Value moved = zero is null ? rounded : call.Builder.Arithmetic(Opcode.Add, rounded, zero);
        return call.Builder.Unary(UnaryKind.Clip, moved, (float)low, (float)high);
    }

    private static Value Centred(OnnxNodeContext call, Value x, Value? zero) => zero is null ? x : call.Builder.Arithmetic(Opcode.Sub, x, zero);

    /// <summary>A scale or zero point that broadcasts against x: one number, one for each element of an axis, or one for each block along it.</summary>
    private static Value Along(OnnxNodeContext call, Value x, Value parameter)
    {
        long block = call.Int("block_size", 0);
        long requested = call.Int("axis", 1);
        if (parameter.Elements == 1)
        {
            return call.Builder.Reshape(parameter);
        }

        int axis = call.Axis(requested, x.Shape.Length);
        if (block == 0)
        {
            int[] shape = [.. x.Shape.Select((_, i) => i == axis ? parameter.Elements : 1)];
            return call.Builder.Reshape(parameter, shape);
        }

        if (parameter.Shape.Length != x.Shape.Length || parameter.Shape[axis] * block < x.Shape[axis])
        {
            throw call.Fault($"has blocks of {block} whose scales {GraphBuilder.Text(parameter.Shape)} do not fit {GraphBuilder.Text(x.Shape)}");
        }

        Value indices = Value.Constant(call.Builder.Name + ".blocks", [.. Enumerable.Range(0, x.Shape[axis]).Select(i => (float)(i / block))], x.Shape[axis]);
        return call.Builder.Gather(parameter, indices, axis);
    }

    private static void DynamicQuantizeLinear(OnnxNodeContext call)
    {
        GraphBuilder builder = call.Builder;
        Value x = call.Input(0);
        int[] axes = [.. Enumerable.Range(0, x.Shape.Length)];
        Value high = builder.Binary(BinaryKind.Max, builder.Reduce(ReduceKind.Max, x, axes, keepDimensions: false), builder.Scalar(0));
        Value low = builder.Binary(BinaryKind.Min, builder.Reduce(ReduceKind.Min, x, axes, keepDimensions: false), builder.Scalar(0));
        Value range = builder.Arithmetic(Opcode.Sub, high, low);
        Value scale = builder.Arithmetic(Opcode.Div, range, builder.Scalar(byte.MaxValue));

        // A tensor of zeros has no scale of its own.
        Value divisor = builder.Where(scale, scale, builder.Scalar(1));
        Value zero = Quantize(call, builder.Arithmetic(Opcode.Div, builder.Unary(UnaryKind.Neg, low), divisor), null, OnnxElementType.UInt8);
        call.Output(0, Quantize(call, builder.Arithmetic(Opcode.Div, x, divisor), zero, OnnxElementType.UInt8), OnnxElementType.UInt8);
        call.Output(1, scale);
        call.Output(2, zero, OnnxElementType.UInt8);
    }

    private static void QLinearConv(OnnxNodeContext call)
    {
        GraphBuilder builder = call.Builder;
        if (Integers(call) is var (input, output) && WeightsOf(call, 0) is { } integers
            && IntegerLayer.Conv(call, input, integers, BiasOf(call), output) is { } int8)
        {
            call.Output(call.Scope.Quantized.ByValue(int8, call.InputType(7)), call.InputType(7));
            return;
        }

        Value x = Centred(call, call.Input(0), builder.Reshape(call.Input(2)));
        Value weights = ConvWeights(call, 3, 5);
        if (call.Has(8))
        {
            call.Constants(8);
        }

        Value sums = ConvolutionOperators.Convolve(call, x, weights, call.InputOrNull(8));
        Value multiplier = builder.Arithmetic(Opcode.Mul, builder.Reshape(call.Input(1)), PerUnit(call, call.Input(4), sums.Shape.Length));
        Value scaled = builder.Arithmetic(Opcode.Mul, sums, builder.Arithmetic(Opcode.Div, multiplier, builder.Reshape(call.Input(6))));
        OnnxElementType type = call.InputType(7);
        call.Output(Quantize(call, scaled, builder.Reshape(call.Input(7)), type), type);
    }

    /// <summary>Input 0 and the output of a QLinear operator as int8, or null if they do not fit.</summary>
    private static (Value Input, OutputRange Output)? Integers(OnnxNodeContext call)
    {
        OnnxScaling? input = OnnxScaling.From(call, 1, 2, call.InputType());
        Quantization? output = OnnxScaling.From(call, 6, 7, call.InputType(7))?.Int8;
        if (input?.Int8 is not { } own || output is null || call.Input(0).IsConstant)
        {
            return null;
        }

        Value? int8 = QuantizedPattern.Integers(call.Scope, call.Node.Inputs[0], own) ?? call.Scope.Quantized.Int8(call.Operand(0), input);
        return int8 is null ? null : (int8, new OutputRange(output));
    }

    private static IntegerWeights? WeightsOf(OnnxNodeContext call, int units) =>
        OnnxScaling.From(call, 4, 5, call.InputType(3)) is { } scaling ? IntegerWeights.Of(call.Operand(3), scaling, units, units) : null;

    // The bias of QLinearConv is an int32 in units of its products already.
    private static double[]? BiasOf(OnnxNodeContext call) => call.Has(8) ? Array.ConvertAll(call.Constants(8), value => (double)value) : null;

    private static void ConvInteger(OnnxNodeContext call)
    {
        Value x = Centred(call, call.Input(0), call.InputOrNull(2) is { } zero ? call.Builder.Reshape(zero) : null);
        call.Output(ConvolutionOperators.Convolve(call, x, ConvWeights(call, 1, 3), null), OnnxElementType.Int32);
    }

    private static Value ConvWeights(OnnxNodeContext call, int position, int zeroPosition)
    {
        call.Constants(position);
        Value weights = call.Input(position);
        if (!call.Has(zeroPosition))
        {
            return weights;
        }

        call.Constants(zeroPosition);
        Value zero = call.Input(zeroPosition);
        int[] shape = zero.Elements == 1 ? [] : [zero.Elements, .. Enumerable.Repeat(1, weights.Shape.Length - 1)];
        return Centred(call, weights, call.Builder.Reshape(zero, shape));
    }

    // A scale for each output channel, on axis 1 of the output.
    private static Value PerUnit(OnnxNodeContext call, Value scale, int rank) =>
        call.Builder.Reshape(scale, scale.Elements == 1 ? [] : [scale.Elements, .. Enumerable.Repeat(1, rank - 2)]);

    private static void QLinearMatMul(OnnxNodeContext call)
    {
        GraphBuilder builder = call.Builder;
        if (Integers(call) is var (input, output) && WeightsOf(call, 1) is { Centred.Shape.Length: 2 } integers
            && IntegerLayer.Dense(builder, input, integers with { Centred = MatrixOperators.Transposed(integers.Centred) }, null, output) is { } int8)
        {
            call.Output(call.Scope.Quantized.ByValue(int8, call.InputType(7)), call.InputType(7));
            return;
        }

        Value a = Centred(call, call.Input(0), Rowwise(call, call.Input(2)));
        Value b = Centred(call, call.Input(3), call.Input(5));
        Value sums = MatrixOperators.Product(builder, a, b);
        Value multiplier = builder.Arithmetic(Opcode.Mul, Rowwise(call, call.Input(1)), Single(call, call.Input(4)));
        Value scaled = builder.Arithmetic(Opcode.Mul, sums, builder.Arithmetic(Opcode.Div, multiplier, Single(call, call.Input(6))));
        OnnxElementType type = call.InputType(7);
        call.Output(Quantize(call, scaled, Single(call, call.Input(7)), type), type);
    }

    private static void MatMulInteger(OnnxNodeContext call)
    {
        Value a = Centred(call, call.Input(0), call.InputOrNull(2) is { } zeroA ? Rowwise(call, zeroA) : null);
        Value b = Centred(call, call.Input(1), call.InputOrNull(3) is { } zeroB ? Single(call, zeroB) : null);
        call.Output(MatrixOperators.Product(call.Builder, a, b), OnnxElementType.Int32);
    }

    private static Value Single(OnnxNodeContext call, Value value) => value.Elements == 1 ? call.Builder.Reshape(value) : value;

    // A list is one number for each row of a.
    private static Value Rowwise(OnnxNodeContext call, Value value) =>
        value.Elements == 1 ? call.Builder.Reshape(value) : value.Shape.Length == 1 ? call.Builder.Reshape(value, value.Elements, 1) : value;
}
