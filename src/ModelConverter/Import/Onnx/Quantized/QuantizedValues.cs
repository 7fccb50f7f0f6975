using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Quantized;

/// <summary>
/// The int8 tensors of an import beside the float32 ones that hold the same by value: each operator reads the form that it
/// has a kernel for, and what nobody reads is removed in the end.
/// </summary>
internal sealed class QuantizedValues(GraphBuilder builder)
{
    private static readonly UnaryFunction identity = new(x => x, x => x);

    private readonly Dictionary<(Value Integers, Quantization Quantization), Value> int8 = [];
    private readonly Dictionary<Value, (OnnxOperand Integers, OnnxScaling Scaling)> dequantized = [];

    /// <summary>Whether there is an int8 tensor.</summary>
    internal bool Any => int8.Count > 0;

    /// <summary>Says that a real tensor is what integers stand for.</summary>
    internal void Dequantized(Value real, OnnxOperand integers, OnnxScaling scaling) => dequantized[real] = (integers, scaling);

    /// <summary>The integers that a real tensor was made of, or null.</summary>
    internal (OnnxOperand Integers, OnnxScaling Scaling)? Source(Value real) => dequantized.TryGetValue(real, out var source) ? source : null;

    /// <summary>Says that an int8 tensor holds the integers, or the real numbers, of a float32 one.</summary>
    internal void Set(Value value, Value integers) => int8[(value, integers.Quantization!)] = integers;

    /// <summary>The int8 tensor that a float32 one was said to equal, or null.</summary>
    internal Value? Find(Value value, Quantization quantization) => int8.GetValueOrDefault((value, quantization));

    /// <summary>Integers that are there by value as an int8 tensor; a constant stays one. Null where they do not fit int8.</summary>
    internal Value? Int8(OnnxOperand integers, OnnxScaling scaling)
    {
        if (scaling.Int8 is not { } quantization)
        {
            return null;
        }

        if (Find(integers.Value, quantization) is { } known)
        {
            return known;
        }

        int offset = scaling.Type.AboveInt8();
        Value result = integers.Value.Data is float[] data
            ? new Value(integers.Value.Name, TensorType.Int8, integers.Value.Shape) { Data = Array.ConvertAll(data, value => (sbyte)(value - offset)), Quantization = quantization }
            : FromValues(integers.Value, scaling.ZeroPoints[0], quantization);
        Set(integers.Value, result);
        return result;
    }

    /// <summary>A real tensor rounded to int8.</summary>
    internal Value Quantize(Value real, Quantization quantization) => Add(Opcode.Quantize, [real], real.Shape, quantization);

    /// <summary>The real numbers of an int8 tensor.</summary>
    internal Value Dequantize(Value integers) => builder.Add(Opcode.Dequantize, [integers], integers.Shape);

    /// <summary>The integers of an int8 tensor as the source model has them, by value.</summary>
    internal Value ByValue(Value integers, OnnxElementType type)
    {
        Value value = Dequantize(Table(integers, new Quantization(1f, -type.AboveInt8()), i => (sbyte)i));
        Set(value, integers);
        return value;
    }

    /// <summary>An int8 tensor at another scale; the tensor itself where it has that scale.</summary>
    internal Value Rescaled(Value integers, Quantization quantization) =>
        integers.Quantization == quantization ? integers : Apply(identity, integers, quantization);

    /// <summary>A function of an int8 tensor, as a table.</summary>
    internal Value Apply(UnaryFunction function, Value x, Quantization quantization)
    {
        Quantization own = x.Quantization!;
        sbyte[] entries = TableBuilder.Int8(function, own.Scale, own.ZeroPoint, quantization.Scale, quantization.ZeroPoint);
        return Table(x, quantization, i => entries[i + 128]);
    }

    /// <summary>Appends an operator that writes int8.</summary>
    internal Value Add(Opcode opcode, ReadOnlySpan<Value?> inputs, int[] shape, Quantization quantization, Action<Node>? configure = null) =>
        builder.Add(opcode, inputs, shape, node =>
        {
            node.Output.Type = TensorType.Int8;
            node.Output.Quantization = quantization;
            configure?.Invoke(node);
        });

    // Quantize takes (value − zero point) / 1, so that the integers themselves come out, less what uint8 is shifted by.
    private Value FromValues(Value values, float zeroPoint, Quantization quantization)
    {
        int features = values.LastDimension;
        Value offsets = Value.Constant(builder.Name + ".zero_points", [.. Enumerable.Repeat(zeroPoint, features)], features);
        Value scales = Value.Constant(builder.Name + ".ones", [.. Enumerable.Repeat(1f, features)], features);
        return Add(Opcode.Quantize, [values, offsets, scales], values.Shape, quantization);
    }

    private Value Table(Value x, Quantization quantization, Func<int, sbyte> entry)
    {
        sbyte[] entries = [.. Enumerable.Range(sbyte.MinValue, 256).Select(entry)];
        return Add(Opcode.Table, [x, Value.Constant(builder.Name + ".table", entries, entries.Length)], x.Shape, quantization);
    }
}
