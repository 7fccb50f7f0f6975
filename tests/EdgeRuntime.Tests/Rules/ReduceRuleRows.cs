using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Reduce and PairwiseCoupling.</summary>
internal sealed class ReduceRuleRows : RuleRows
{
    // Multiplies by 1.
    private static readonly int[] sum = [0, 2, 1 << 30, 1];

    protected override void Add()
    {
        Good("a sum over the last axis", Reduce(F32, [2, 3], [2], [0, 2, 0, 0]), Count(6), [6, 15]);
        Good("a mean over the first axis", Reduce(F32, [2, 3], [1, 3], [1, 1, 0, 0]), Count(6), [2.5, 3.5, 4.5]);
        Good("the largest of all", Reduce(F32, [2, 3], [], [2, 3, 0, 0]), Count(6), [6]);
        Good("no axis", Reduce(F32, [2, 3], [2, 3], [0, 0, 0, 0]), Count(6), [1, 2, 3, 4, 5, 6]);
        Good("the last function", Reduce(F32, [2, 2], [2], [9, 2, 0, 0]), [0, 0, 1, 1], [0.6931471805599453, 1.6931471805599453], 1e-6);
        Good("a scalar", Reduce(F32, [], [], [0, 0, 0, 0]), [4], [4]);
        Good("six axes", Reduce(F32, [1, 1, 1, 1, 1, 2], [1], [0, 63, 0, 0]), [1, 2], [3]);
        Good("a sum of int8", Reduce(I8, [2, 3], [2], sum), Count(6), [6, 15]);
        Good("a sum of int16", Reduce(I16, [2, 3], [2], sum), Count(6, 1000), [3003, 3012]);
        Good("the smallest of int8", Reduce(I8, [2, 3], [2], [3, 2, 0, 0]), Count(6), [1, 4]);
        Good("float32 takes no multiplier", Reduce(F32, [2, 3], [2], [0, 2, -1, 31]), Count(6), [6, 15]);
        Good("the largest of int8 takes no multiplier", Reduce(I8, [2, 3], [2], [2, 2, -1, 31]), Count(6), [3, 6]);
        Within("reduction", 0, 0, 9, [0, 2, 0, 0], changed => Reduce(F32, [2, 3], [2], changed), false, false);
        Within("axes", 1, 0, 3, [0, 0, 0, 0], changed => Reduce(F32, [2, 1], changed[1] == 0 ? [2] : [], changed));
        Bad("an axis of a scalar", "has parameter 'axes' = 1 outside 0 to 0", Reduce(F32, [], [], [0, 1, 0, 0]));
        foreach (int kind in new[] { 0, 1 })
        {
            Prefix = $"reduction {kind}: ";
            Within("multiplier", 2, 0, int.MaxValue, With(sum, 0, kind), changed => Reduce(I8, [2, 3], [2], changed));
            Within("shift", 3, -31, 30, With(sum, 0, kind), changed => Reduce(I8, [2, 3], [2], changed));
            Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Reduce(I8, [2, 3], [2], With(sum, 0, kind)), 0));
            Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(Reduce(I8, [2, 3], [2], With(sum, 0, kind)), 1));
            Good("another scale", One(Opcode.Reduce, I8, [2, 3], [2], With(sum, 0, kind), outputScale: 2f));
        }

        foreach (int kind in new[] { 2, 3 })
        {
            Prefix = $"reduction {kind}: ";
            Bad("another scale", "changes the scale", One(Opcode.Reduce, I8, [2, 3], [2], [kind, 2, 0, 0], outputScale: 2f));
            Bad("a lower zero point", "changes the scale", One(Opcode.Reduce, I8, [2, 3], [2], [kind, 2, 0, 0], outputZero: -1));
            Bad("a higher zero point", "changes the scale", One(Opcode.Reduce, I8, [2, 3], [2], [kind, 2, 0, 0], outputZero: 1));
            Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Reduce(I8, [2, 3], [2], [kind, 2, 0, 0]), 0));
            Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(Reduce(I8, [2, 3], [2], [kind, 2, 0, 0]), 1));
        }

        Prefix = "";
        Bad("a product of int8", "takes float32", Reduce(I8, [2, 3], [2], With(sum, 0, 4)));
        Bad("int32", "takes float32, int8 or int16", Reduce(I32, [2, 3], [2], sum));
        Bad("another output type", "output 0 has the wrong type", One(Opcode.Reduce, I8, [2, 3], [2], sum, outputType: I16));
        Bad("a result more", "output 0 has 3 elements, expected 2", Reduce(F32, [2, 3], [3], [0, 2, 0, 0]));
        Bad("a result less", "output 0 has 1 elements, expected 2", Reduce(F32, [2, 3], [1], [0, 2, 0, 0]));
        AddCoupling();
        AddSums();
    }

    // What is added is at most 128 or 32768 without a zero point, 255 or 65535 with one at an end.
    private void AddSums()
    {
        Prefix = "sums: ";
        const string TooMany = "adds more elements than its accumulator can hold";
        int[] mean = [1, 1, 1 << 30, -15];
        Good("65,536 of -32768", Reduce(I16, [65536], [], mean), [.. Enumerable.Repeat(-32768f, 65536)], [-32768]);
        Good("65,536 of 32767", Reduce(I16, [65536], [], mean), [.. Enumerable.Repeat(32767f, 65536)], [32767]);
        Bad("65,537 elements", TooMany, Reduce(I16, [65537], [], mean));
        Good("32,768 elements of the lowest zero point", One(Opcode.Reduce, I16, [32768], [], [1, 1, 1 << 30, -14], zero: -32768, outputZero: -32768), [.. Enumerable.Repeat(65535f, 32768)], [65535]);
        Bad("32,769 elements of the lowest zero point", TooMany, One(Opcode.Reduce, I16, [32769], [], mean, zero: -32768));
        Good("32,768 elements of the highest zero point", One(Opcode.Reduce, I16, [32768], [], mean, zero: 32767));
        Bad("32,769 elements of the highest zero point", TooMany, One(Opcode.Reduce, I16, [32769], [], mean, zero: 32767));
        Good("2²⁴ of int8", Reduce(I8, [1 << 24], [], [0, 1, 1 << 30, -23]));
        Bad("2²⁴ + 1 of int8", TooMany, Reduce(I8, [(1 << 24) + 1], [], [0, 1, 1 << 30, -23]));
        Bad("2²⁴ of int8 of the zero point -1", TooMany, One(Opcode.Reduce, I8, [1 << 24], [], mean, zero: -1));
        Good("8,421,504 of int8 of the lowest zero point", One(Opcode.Reduce, I8, [8_421_504], [], mean, zero: -128));
        Bad("8,421,505 of int8 of the lowest zero point", TooMany, One(Opcode.Reduce, I8, [8_421_505], [], mean, zero: -128));
        Good("as many largest as there are", Reduce(I8, [(1 << 24) + 1], [], With(mean, 0, 2)));
        Good("a result beyond 32 bits by its shift", One(Opcode.Reduce, I8, [2], [], [0, 1, int.MaxValue, 30], outputZero: 127), [127, 127], [0]);
        Good("a result below 32 bits by its shift", One(Opcode.Reduce, I8, [2], [], [0, 1, int.MaxValue, 30], outputZero: -128), [-128, -127], [0]);
    }

    private void AddCoupling()
    {
        Prefix = "PairwiseCoupling: ";
        const string Pairs = "has pairs for a different number of classes";
        Good("two classes", Couple([2, 1], [2, 2]), [0.3f, 0.9f], [0.3, 0.7, 0.9, 0.1], 1e-6);
        Good("three alike classes", Couple([3], [3]), [0.5f, 0.5f, 0.5f], [1 / 3.0, 1 / 3.0, 1 / 3.0], 1e-6);
        Good("as many classes as there may be", Couple([32640], [256]));
        Bad("one class more", Pairs, Couple([32896], [257]));
        Bad("a pair more", Pairs, Couple([4], [3]));
        Bad("a pair less", Pairs, Couple([2], [3]));
        Bad("one class", Pairs, Couple([1], [1]));
        Bad("int8", "takes float32", One(Opcode.PairwiseCoupling, I8, [1], [2], [], outputType: F32));
        Bad("another output type", "output 0 has the wrong type", One(Opcode.PairwiseCoupling, F32, [1], [2], [], outputType: I32));
        Bad("a row more", "output 0 has 6 elements, expected 4", Couple([2, 1], [3, 2]));
        Bad("a row less", "output 0 has 2 elements, expected 4", Couple([2, 1], [1, 2]));
    }

    private static RawModel Reduce(TensorType type, int[] shape, int[] output, int[] parameters) => One(Opcode.Reduce, type, shape, output, parameters);

    private static RawModel Couple(int[] shape, int[] output) => One(Opcode.PairwiseCoupling, F32, shape, output, []);
}
