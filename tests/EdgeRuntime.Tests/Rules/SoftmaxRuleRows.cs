using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class SoftmaxRuleRows : RuleRows
{
    private const float Ln3 = 1.0986123f;
    private static readonly int[] plain = [Bits(1f), 0, 0, 0];
    private static readonly int[] bytes = [Bits(1f), 1 << 30, 20, -100];
    private static readonly int[] shorts = [Bits(1f), 1 << 30, 0, 0];

    protected override void Add()
    {
        Good("float32", One(Opcode.Softmax, F32, [2, 2], [2, 2], plain), [0, Ln3, Ln3, 0], [0.25, 0.75, 0.75, 0.25], 1e-6);
        Good("β", One(Opcode.Softmax, F32, [2], [2], [Bits(2f), 0, 0, 0]), [0, Ln3], [0.1, 0.9], 1e-6);
        Finite("beta(f)", 0, plain, changed => One(Opcode.Softmax, F32, [2], [2], changed));
        OutputLikeInput(Opcode.Softmax, F32, plain);
        Good("float32 takes no multiplier", One(Opcode.Softmax, F32, [2], [2], [Bits(1f), -1, 32, 1]), [0, Ln3], [0.25, 0.75], 1e-6);
        Bad("a scalar", "needs an input of one dimension or more", One(Opcode.Softmax, F32, [], [], plain));
        Bad("int32", "takes float32, int8 or int16", One(Opcode.Softmax, I32, [2], [2], plain));
        Bad("tables for float32", "has tables but is not int16", One(Opcode.Softmax, F32, [2], [2], plain, model => [-1]));
        Bad("another output type of float32", "output 0 has the wrong type", One(Opcode.Softmax, F32, [2], [2], plain, outputType: I32));
        AddBytes();
        AddShorts();
    }

    private void AddBytes()
    {
        Prefix = "int8: ";
        Good("alike classes", Bytes(2, bytes), [5, 5], [0.5, 0.5]);
        Good("one class", Bytes(1, bytes), [5], [255 / 256.0]);
        Good("as many classes as there may be", Bytes(4095, bytes), new float[4095], new double[4095], 1 / 256.0);
        Bad("one class more", "has more classes than its accumulator can hold, 4095", Bytes(4096, bytes));
        Good("an output of int16", One(Opcode.Softmax, I8, [2], [2], bytes, outputType: I16));
        Within("multiplier", 1, 0, int.MaxValue, bytes, changed => Bytes(2, changed));
        Within("left_shift", 2, 0, 31, With(bytes, 3, -1), changed => Bytes(2, changed));
        const string Left = "has a left shift that takes differences beyond 32 bits";
        Good("a lowest difference of -2 by 2^30", Bytes(2, With(With(bytes, 3, -2), 2, 30)), [5, 5], [0.5, 0.5]);
        Bad("a lowest difference of -3 by 2^30", Left, Bytes(2, With(With(bytes, 3, -3), 2, 30)));
        Good("differences of 255 by 2^23", Bytes(2, With(With(bytes, 3, -32768), 2, 23)), [5, 5], [0.5, 0.5]);
        Bad("differences of 255 by 2^24", Left, Bytes(2, With(With(bytes, 3, -255), 2, 24)));
        Within("difference_min", 3, -32768, 0, bytes, changed => Bytes(2, changed));
        OutputLikeInput(Opcode.Softmax, I8, bytes);
        Bad("an output of float32", "writes int8 or int16", One(Opcode.Softmax, I8, [2], [2], bytes, outputType: F32));
        Bad("tables", "has tables but is not int16", One(Opcode.Softmax, I8, [2], [2], bytes, model => [-1]));
        Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Bytes(2, bytes), 0));
        Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(One(Opcode.Softmax, I8, [2], [2], bytes), 1));
    }

    private void AddShorts()
    {
        Prefix = "int16: ";
        Good("tables as low as they may be", Shorts(2, shorts, Exponentials(513, 510, 0), 513));
        Good("as many classes as there may be", Shorts(65535, shorts, Exponentials(513, 0, 2), 513));
        Bad("one class more", "has more classes than its accumulator can hold, 65535", Shorts(65536, shorts, Exponentials(513, 0, 2), 513));
        Within("multiplier", 1, 0, int.MaxValue, shorts, changed => Shorts(2, changed, Exponentials(513, 0, 2), 513));
        Within("left_shift", 2, -31, 30, shorts, changed => Shorts(2, changed, Exponentials(513, 0, 2), 513));
        Good("the lowest difference is not looked at", Shorts(2, With(shorts, 3, 5), Exponentials(513, 0, 2), 513));
        const string NotPositive = "has a table of exponentials that are not positive";
        Bad("a first entry below 0", NotPositive, Shorts(2, shorts, Exponentials(513, 0, -1), 513));
        Bad("an entry below 0 before the last two", NotPositive, Shorts(2, shorts, Exponentials(513, 510, -1), 513));
        Bad("a last entry of 1", NotPositive, Shorts(2, shorts, Exponentials(513, 512, 1), 513));
        Bad("a last entry but one of 1", NotPositive, Shorts(2, shorts, Exponentials(513, 511, 1), 513));
        Bad("a reciprocal below 0", "has a table of reciprocals below 0", One(Opcode.Softmax, I16, [2], [2], shorts, model => [model.Shorts([513], Exponentials(513, 0, 2)), model.Shorts([513], Exponentials(513, 512, -1))]));
        Bad("an exponential less", "input 1 has 512 elements, expected 513", Shorts(2, shorts, Exponentials(512, 0, 2), 513));
        Bad("an exponential more", "input 1 has 514 elements, expected 513", Shorts(2, shorts, Exponentials(514, 0, 2), 513));
        Bad("a reciprocal less", "input 2 has 512 elements, expected 513", Shorts(2, shorts, Exponentials(513, 0, 2), 512));
        Bad("a reciprocal more", "input 2 has 514 elements, expected 513", Shorts(2, shorts, Exponentials(513, 0, 2), 514));
        Bad("no tables", "is missing input 1", One(Opcode.Softmax, I16, [2], [2], shorts));
        Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Shorts(2, shorts, Exponentials(513, 0, 2), 513), 0));
        Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(Shorts(2, shorts, Exponentials(513, 0, 2), 513), 1));
        OutputLikeInput(Opcode.Softmax, I16, shorts, model => [model.Shorts([513], Exponentials(513, 0, 2)), model.Shorts([513], Exponentials(513, 0, 2))]);
        Bad("an output of int8", "output 0 has the wrong type", One(Opcode.Softmax, I16, [2], [2], shorts, model => [model.Shorts([513], Exponentials(513, 0, 2)), model.Shorts([513], Exponentials(513, 0, 2))], I8));
    }

    // 2 in all places but one.
    private static short[] Exponentials(int length, int index, short value)
    {
        short[] table = [.. Enumerable.Repeat((short)2, length)];
        table[index] = value;
        return table;
    }

    private static RawModel Bytes(int classes, int[] parameters) => One(Opcode.Softmax, I8, [classes], [classes], parameters, outputScale: 1 / 256f, outputZero: -128);

    private static RawModel Shorts(int classes, int[] parameters, short[] exponentials, int reciprocals) => One(Opcode.Softmax, I16, [classes], [classes], parameters, model =>
    [
        model.Shorts([exponentials.Length], exponentials), model.Shorts([reciprocals], new short[reciprocals]),
    ]);
}
