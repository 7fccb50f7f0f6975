using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Quantize and Dequantize.</summary>
internal sealed class QuantizeRuleRows : RuleRows
{
    protected override void Add()
    {
        Prefix = "Quantize: ";
        float[] x = [1, 2, 3, 4, 5, 7];
        Good("the scale of the output", Quantize(), x, [1, 2, 3, 4, 5, 7]);
        Good("an offset and a scale for each feature", Quantize(model => [model.Floats([3], 1, 1, 1), model.Floats([3], 0.5f, 1, 2)]), x, [0, 1, 1, 6, 4, 3]);
        Good("a scale without an offset", Quantize(model => [-1, model.Floats([3], 1, 1, 1)]), x, [1, 2, 3, 4, 5, 7]);
        Good("int16 at its ends", One(Opcode.Quantize, F32, [4], [4], [], outputType: I16), [40000, 32767, -32768, -40000], [32767, 32767, -32768, -32768]);
        Good("int8 at its ends", One(Opcode.Quantize, F32, [4], [4], [], outputType: I8), [128, 127, -128, -129], [127, 127, -128, -128]);
        OutputLikeInput(Opcode.Quantize, F32, [], null, I8);
        Bad("int8 input", "takes float32", One(Opcode.Quantize, I8, [2], [2], []));
        Bad("an output of float32", "writes int8 or int16", One(Opcode.Quantize, F32, [2], [2], []));
        Bad("an output of int32", "writes int8 or int16", One(Opcode.Quantize, F32, [2], [2], [], outputType: I32));
        Bad("an offset too few", "input 1 has 2 elements, expected 3", Quantize(model => [model.Floats([2], 1, 1)]));
        Bad("an offset too many", "input 1 has 4 elements, expected 3", Quantize(model => [model.Floats([4], 1, 1, 1, 1)]));
        Bad("a scale too few", "input 2 has 2 elements, expected 3", Quantize(model => [-1, model.Floats([2], 1, 1)]));
        Bad("a scale too many", "input 2 has 4 elements, expected 3", Quantize(model => [-1, model.Floats([4], 1, 1, 1, 1)]));
        Good("the smallest scale", Quantize(model => [-1, model.Floats([3], float.Epsilon, 1, 1)]), x, [127, 2, 3, 127, 5, 7]);
        Bad("a scale of 0", "input 2 holds a scale that is not above 0", Quantize(model => [-1, model.Floats([3], 1, 1, 0)]));
        Bad("a scale of -0", "input 2 holds a scale that is not above 0", Quantize(model => [-1, model.Floats([3], -0f, 1, 1)]));
        Bad("a scale below 0", "input 2 holds a scale that is not above 0", Quantize(model => [-1, model.Floats([3], 1, -1, 1)]));
        Bad("an infinite scale", "input 2 holds a number that is not finite", Quantize(model => [-1, model.Floats([3], 1, 1, float.PositiveInfinity)]));
        Bad("a scale that is not a number", "input 2 holds a number that is not finite", Quantize(model => [-1, model.Floats([3], float.NaN, 1, 1)]));

        Bad("offsets of int32", "input 1 is not a constant of the type that it needs", Quantize(model => [model.Ints([3], 1, 1, 1)]));
        Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(Quantize(), 1));
        Prefix = "Dequantize: ";
        Good("int8", One(Opcode.Dequantize, I8, [3], [3], [], outputType: F32, scale: 0.5f, zero: 3), [2, -65.5f, 62], [2, -65.5, 62]);
        Good("int16", One(Opcode.Dequantize, I16, [3], [3], [], outputType: F32, scale: 0.5f, zero: 3), [2, -16385.5f, 16382], [2, -16385.5, 16382]);
        OutputLikeInput(Opcode.Dequantize, I8, [], null, F32);
        Bad("float32", "takes int8 or int16", One(Opcode.Dequantize, F32, [2], [2], []));
        Bad("int32", "takes int8 or int16", One(Opcode.Dequantize, I32, [2], [2], [], outputType: F32));
        Bad("an output of int8", "output 0 has the wrong type", One(Opcode.Dequantize, I8, [2], [2], []));
        Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(One(Opcode.Dequantize, I8, [2], [2], [], outputType: F32), 0));
    }

    private static RawModel Quantize(Func<RawModel, int[]>? more = null) => One(Opcode.Quantize, F32, [2, 3], [2, 3], [], more, I8);
}
