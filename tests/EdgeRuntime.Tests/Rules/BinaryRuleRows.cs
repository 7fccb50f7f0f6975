using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class BinaryRuleRows : RuleRows
{
    private const int Half = 1 << 30;

    // (a·2²⁰/2 + b·2²⁰/2)/2 is (a + b)·2¹⁸.
    private static readonly int[] sum = [Half, 0, Half, 0, Half, -18, -128, 127];

    // With 15 bits instead of 20.
    private static readonly int[] wideSum = [Half, 0, Half, 0, Half, -13, -32768, 32767];

    private static readonly int[] none = new int[8];

    protected override void Add()
    {
        AddBroadcasts();
        AddTypes();
        AddFixedPoint();
        AddAccumulators();
        Good("the first function of two numbers", Two(Opcode.Binary, F32, [2], [2], [2], [0]), [1, 5, 3, 4], [1, 4]);
        Good("the last function of two numbers", Two(Opcode.Binary, F32, [4], [4], [4], [10]), [0, 1, 1, 2, 0, 0, 3, 5], [0, 1, 0, 0]);
        Within("function", 0, 0, 10, [0], parameters => Two(Opcode.Binary, F32, [2], [2], [2], parameters), false, false);
        Bad("a function of int8", "takes float32", Two(Opcode.Binary, I8, [2], [2], [2], [0]));
        Bad("a function of shapes that do not fit", "has shapes that do not broadcast", Two(Opcode.Binary, F32, [2], [3], [3], [0]));
    }

    private void AddBroadcasts()
    {
        Good("the second repeated on both axes", Two(Opcode.Add, F32, [2, 3], [1, 1], [2, 3], none), [1, 2, 3, 4, 5, 6, 10], [11, 12, 13, 14, 15, 16]);
        Good("the first repeated on both axes", Two(Opcode.Sub, F32, [1, 1], [2, 3], [2, 3], none), [10, 1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]);
        Good("each repeated on one axis", Two(Opcode.Mul, F32, [2, 1], [1, 3], [2, 3], none), [2, 3, 1, 10, 100], [2, 20, 200, 3, 30, 300]);
        Good("the first of fewer dimensions", Two(Opcode.Div, F32, [2], [2, 2], [2, 2], none), [8, 12, 1, 2, 4, 3], [8, 6, 2, 4]);
        Good("the second of fewer dimensions", Two(Opcode.Sub, F32, [2, 2], [2], [2, 2], none), [8, 12, 1, 2, 4, 3], [4, 9, -3, -1]);
        const string Rank = "has an output whose rank differs from its inputs";
        Bad("an output of one dimension more", Rank, Two(Opcode.Add, F32, [2, 3], [2, 3], [1, 2, 3], none));
        Bad("an output of one dimension less", Rank, Two(Opcode.Add, F32, [1, 3], [3], [3], none));
        Bad("an output of the rank of the first", Rank, Two(Opcode.Add, F32, [3], [1, 3], [3], none));
        const string Shapes = "has shapes that do not broadcast";
        Bad("2 and 3", Shapes, Two(Opcode.Add, F32, [2], [3], [3], none));
        Bad("3 and 2", Shapes, Two(Opcode.Add, F32, [3], [2], [3], none));
        Bad("an output one larger", Shapes, Two(Opcode.Add, F32, [2], [2], [3], none));
        Bad("an output one smaller", Shapes, Two(Opcode.Add, F32, [2], [2], [1], none));
        Bad("an output larger on the first axis", Shapes, Two(Opcode.Add, F32, [2, 3], [2, 3], [3, 3], none));
        Bad("a first axis that does not fit", Shapes, Two(Opcode.Add, F32, [2, 3], [3, 3], [3, 3], none));
        Bad("an output of the shorter input's absent axis", Shapes, Two(Opcode.Add, F32, [2], [1, 2], [2, 2], none));
        Bad("an output of the second's absent axis", Shapes, Two(Opcode.Add, F32, [1, 2], [2], [2, 2], none));
        Bad("an absent second input", "is missing input 1", One(Opcode.Add, F32, [2], [2], none, _ => [-1]));
    }

    private void AddTypes()
    {
        const string Mixed = "mixes types";
        Bad("int8 and float32", Mixed, One(Opcode.Add, I8, [2], [2], sum, model => [model.Floats([2], 1, 2)]));
        Bad("float32 and int32", Mixed, One(Opcode.Add, F32, [2], [2], none, model => [model.Ints([2], 1, 2)]));
        Bad("an output of another type", Mixed, Two(Opcode.Add, F32, [2], [2], [2], none, I32));
        Bad("a larger output type", Mixed, Two(Opcode.Add, I8, [2], [2], [2], sum, I16));
        const string Types = "takes float32, int8 or int16";
        Bad("int32", Types, Two(Opcode.Add, I32, [2], [2], [2], sum));
        Bad("int64", Types, Two(Opcode.Add, I64, [2], [2], [2], sum));
        Bad("a quotient of int8", "takes float32", Two(Opcode.Div, I8, [2], [2], [2], sum));
        Good("float32 takes no parameters", Two(Opcode.Add, F32, [1], [1], [1], [-1, 1, -1, 1, -1, 31, 1, 0]), [1, 2], [3]);
        foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Sub, Opcode.Mul })
        {
            for (int without = 0; without < 3; without++)
            {
                RawModel model = Two(opcode, I8, [2], [2], [2], sum);
                model.Tensors[without].Scale = null;
                Bad($"{opcode}, tensor {without} without a scale", $"uses tensor {without}, which has no scale", model);
            }
        }
    }

    private void AddFixedPoint()
    {
        Good("int8 sums at the clamp", Two(Opcode.Add, I8, [4], [4], [4], sum), [1, 100, -100, 127, 2, 27, -28, 1], [3, 127, -128, 127]);
        Good("int8 differences", Two(Opcode.Sub, I8, [3], [3], [3], sum), [1, 100, -100, 2, 27, 28], [-1, 73, -128]);
        Good("int16 sums at the clamp", Two(Opcode.Add, I16, [3], [3], [3], wideSum), [1000, 32767, -32768, 24, 1, -1], [1024, 32767, -32768]);
        Good("products", Two(Opcode.Mul, I8, [3], [3], [3], [0, 0, 0, 0, Half, 1, -128, 127]), [3, 12, -12, 5, 11, 11], [15, 127, -128]);
        Good("a product shifted as far left as it may be", Two(Opcode.Mul, I8, [2], [2], [2], [0, 0, 0, 0, Half, 30, -128, 127]), [1, 0, 1, 5], [127, 0]);
        Good("a product shifted as far right as it may be", Two(Opcode.Mul, I8, [2], [2], [2], [0, 0, 0, 0, int.MaxValue, -31, -128, 127]), [127, -128, 127, 127], [0, 0]);
        Good("a first input shifted away", Two(Opcode.Add, I8, [2], [2], [2], With(With(sum, 1, -31), 5, -18)), [100, -100, 7, 9], [7, 9]);
        Good("a second input shifted away", Two(Opcode.Add, I8, [2], [2], [2], With(sum, 3, -31)), [7, 9, 100, -100], [7, 9]);
        Good("a product looks at no factor of its inputs", Two(Opcode.Mul, I8, [1], [1], [1], [-1, 1, -1, 1, Half, 1, -128, 127]), [3, 4], [12]);
        foreach ((Opcode opcode, TensorType type) in new[] { (Opcode.Add, I8), (Opcode.Sub, I16) })
        {
            int[] parameters = type == I8 ? sum : wideSum;
            int limit = type == I8 ? 128 : 32768;
            Prefix = $"{opcode} of {type}: ";
            Within("multiplier_a", 0, 0, int.MaxValue, parameters, Make);
            Within("shift_a", 1, -31, 0, parameters, Make);
            Within("multiplier_b", 2, 0, int.MaxValue, parameters, Make);
            Within("shift_b", 3, -31, 0, parameters, Make);
            Within("multiplier", 4, 0, int.MaxValue, parameters, Make);
            Within("shift", 5, -31, 30, parameters, Make);
            Within("min", 6, -limit, limit - 1, With(parameters, 7, limit - 1), Make);
            Within("max", 7, -5, limit - 1, With(parameters, 6, -5), Make);
            RawModel Make(int[] changed) => Two(opcode, type, [2], [2], [2], changed);
        }

        Prefix = "Mul: ";
        Within("multiplier", 4, 0, int.MaxValue, sum, changed => Two(Opcode.Mul, I8, [3], [3], [3], changed));
        Within("shift", 5, -31, 30, sum, changed => Two(Opcode.Mul, I8, [3], [3], [3], changed));
        Within("max", 7, -5, 127, With(sum, 6, -5), changed => Two(Opcode.Mul, I8, [3], [3], [3], changed));
    }

    // int16 of zero points at the end of the type: the parts of a sum, and a product, at the end of int32.
    private void AddAccumulators()
    {
        Prefix = "accumulators: ";
        const string Past = "has zero points and factors whose result can leave 32 bits";
        int[] ends = [int.MaxValue, 0, Half, -14, Half, -16, -32768, 32767];
        int[] swapped = [Half, -14, int.MaxValue, 0, Half, -16, -32768, 32767];
        Good("a sum of 2³¹ − 2", Zeros(Opcode.Add, ends, -32768, 0), [65535, 32767], [16384]);
        Good("a difference of 2³¹ − 1", Zeros(Opcode.Sub, ends, -32768, 0), [65535, -32768], [16384]);
        Good("a difference of 2³¹ − 1, rounded down to it", Zeros(Opcode.Sub, With(ends, 2, 1_073_758_207), -32768, 0));
        Bad("a difference of 2³¹", Past, Zeros(Opcode.Sub, With(ends, 2, 1_073_758_208), -32768, 0));
        Bad("a sum beyond 2³¹", Past, Zeros(Opcode.Add, With(ends, 3, -13), -32768, 0));
        Good("a difference of -2³¹ + 1", Zeros(Opcode.Sub, swapped, 0, -32768), [-32768, 65535], [-16384]);
        Bad("a difference below -2³¹", Past, Zeros(Opcode.Sub, With(swapped, 1, -13), 0, -32768));
        Good("a sum of -2³¹ + 1", Zeros(Opcode.Add, ends, 32767, 0), [-65535, -32768], [-16384]);
        Bad("a sum below -2³¹", Past, Zeros(Opcode.Add, With(ends, 3, -13), 32767, 0));
        Good("a sum whose difference would pass 2³¹", Zeros(Opcode.Add, With(ends, 2, 1_073_758_208), -32768, 0));
        Good("a sum whose difference would pass -2³¹", Zeros(Opcode.Add, ends, 32767, -3));
        Good("a sum of -2³¹", Zeros(Opcode.Add, With(ends, 2, 1_073_758_208), 32767, 0));
        Bad("a sum of -2³¹ − 1", Past, Zeros(Opcode.Add, With(ends, 2, 1_073_790_976), 32767, 0));
        Good("a sum of int8 never passes", Two(Opcode.Add, I8, [1], [1], [1], [int.MaxValue, 0, int.MaxValue, 0, Half, -20, -128, 127], zeroA: -128, zeroB: -128), [255, 255], [127]);
        int[] product = [0, 0, 0, 0, Half, -15, -32768, 32767];
        Good("a product of 65535 and 32768", Zeros(Opcode.Mul, product, -32768, 0), [65535, -32768], [-32768]);
        Bad("a product of 65535 and 32769", Past, Zeros(Opcode.Mul, product, -32768, 1));
        Good("a product of 65535 and 32768 above 0", Zeros(Opcode.Mul, product, -32768, -1));
        Bad("a product of 32769 and 65535", Past, Zeros(Opcode.Mul, product, 1, 32767));
        Bad("a product of 65535 and 32769 above 0", Past, Zeros(Opcode.Mul, product, 32767, -2));
        foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Sub, Opcode.Mul })
        {
            Prefix = $"accumulators of {opcode}: ";
            RawModel left = Two(opcode, I8, [2], [2], [2], [int.MaxValue, 0, 0, 0, int.MaxValue, 30, -128, 127], zero: 127);
            Good("beyond int32 by a shift and the zero point", left, opcode == Opcode.Mul ? [127, -128, 1, 1] : [127, -128, 0, 0], [0, -255]);
        }

        static RawModel Zeros(Opcode opcode, int[] parameters, int zeroA, int zeroB) => Two(opcode, I16, [1], [1], [1], parameters, zeroA: zeroA, zeroB: zeroB);
    }

    private static RawModel Two(
        Opcode opcode, TensorType type, int[] first, int[] second, int[] output, int[] parameters, TensorType? outputType = null, int zeroA = 0, int zeroB = 0, int zero = 0)
    {
        float? scale = type is TensorType.Int8 or TensorType.Int16 ? 1f : null;
        var model = new RawModel();
        int a = model.Arena(type, first, scale, zeroA);
        int b = model.Arena(type, second, scale, zeroB);
        int y = model.Arena(outputType ?? type, output, scale, zero);
        model.Input(a);
        model.Input(b);
        model.Output(y);
        model.Op(opcode, [a, b], [y], parameters);
        return model;
    }
}
