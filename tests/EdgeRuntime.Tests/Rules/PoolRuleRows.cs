using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class PoolRuleRows : RuleRows
{
    private const string Far = "has a window that is too large";
    private static readonly string[] names = ["kernel_h", "kernel_w", "stride_h", "stride_w", "dilation_h", "dilation_w", "pad_top", "pad_left", "pad_bottom", "pad_right"];
    private static readonly int[] lowest = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
    private static readonly int[] highest = [1 << 24, 1 << 24, 65535, 65535, 65535, 65535, 1 << 28, 1 << 28, 1 << 28, 1 << 28];
    private static readonly int[] window = [2, 2, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    private static readonly int[] one = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];

    protected override void Add()
    {
        Good("the largest of a window", Pool(Opcode.MaxPool, window), [1, 4, 3, 2], [4]);
        Good("the mean of a window", Pool(Opcode.AveragePool, window), [1, 4, 3, 2], [2.5]);
        Good("a mean in which pads count", One(Opcode.AveragePool, F32, [1, 1, 1, 1], [1, 1, 1, 1], [2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0]), [8], [2]);
        Good("a mean in which pads do not count", One(Opcode.AveragePool, F32, [1, 1, 1, 1], [1, 1, 1, 1], [2, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]), [8], [8]);
        Good("int8 at its clamp", One(Opcode.MaxPool, I8, [1, 1, 3, 1], [1, 1, 3, 1], With(With(one, 11, -5), 12, 5)), [-9, 1, 9], [-5, 1, 5]);
        Good("int16 at its clamp", One(Opcode.MaxPool, I16, [1, 1, 3, 1], [1, 1, 3, 1], With(With(one, 11, -500), 12, 500)), [-900, 1, 900], [-500, 1, 500]);
        for (int i = 0; i < names.Length; i++)
        {
            Within(names[i], i, lowest[i], highest[i], one, changed => One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1], changed));
        }

        Within("count_include_pad", 10, 0, 1, one, changed => One(Opcode.AveragePool, F32, [1, 1, 1, 1], [1, 1, 1, 1], changed));
        AddReach();
        AddSums();
        AddShapes();
        AddTypes();
    }

    // The farthest place, (output − 1)·stride + (kernel − 1)·dilation + pad, is below 2³⁰.
    private void AddReach()
    {
        for (int axis = 0; axis < 2; axis++)
        {
            int[] shape = axis == 0 ? [1, 16385, 1, 1] : [1, 1, 16385, 1];
            int[] strides = With(With(one, 2 + axis, 65535), 6 + axis, 16383);
            int[] dilations = With(With(With(one, axis, 16385), 4 + axis, 65535), 6 + axis, 16383);
            int[] huge = axis == 0 ? [1, 65538, 1, 1] : [1, 1, 65538, 1];
            Good($"strides to the farthest place on axis {axis}", One(Opcode.MaxPool, F32, [1, 1, 1, 1], shape, strides));
            Bad($"strides one past the farthest place on axis {axis}", Far, One(Opcode.MaxPool, F32, [1, 1, 1, 1], shape, With(strides, 6 + axis, 16384)));
            Good($"dilations to the farthest place on axis {axis}", One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1], dilations));
            Bad($"dilations one past the farthest place on axis {axis}", Far, One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1], With(dilations, 6 + axis, 16384)));
            Bad($"strides to 2³² on axis {axis}", Far, One(Opcode.MaxPool, F32, [1, 1, 1, 1], huge, With(one, 2 + axis, 65535)));
            Bad($"dilations to 2³² on axis {axis}", Far, One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1], With(With(one, axis, 65538), 4 + axis, 65535)));
        }
    }

    // int16 sums fit int32 up to 65,534 elements, int8 sums up to 16,647,160; beyond, they are int64.
    private void AddSums()
    {
        const string Count = "has a window of more elements than 32 bits count";
        int[] widest = With(With(With(With(one, 0, 65536), 1, 32767), 6, 65535), 7, 32766);
        Good("a window of 2³¹ − 65536 elements, all but one in the pads", One(Opcode.AveragePool, I8, [1, 1, 1, 1], [1, 1, 1, 1], With(With(With(widest, 10, 1), 11, -128), 12, 127), zero: -128, outputZero: -128), [127], [0]);
        Good("the same where pads do not count", One(Opcode.AveragePool, I8, [1, 1, 1, 1], [1, 1, 1, 1], With(With(widest, 11, -128), 12, 127), zero: -128, outputZero: -128), [5], [5]);
        Bad("a window of 2³¹ elements", Count, One(Opcode.AveragePool, F32, [1, 1, 1, 1], [1, 1, 1, 1], With(widest, 1, 32768)));
        Bad("a window of 2³² − 1 elements", Count, One(Opcode.AveragePool, F32, [1, 1, 1, 1], [1, 1, 1, 1], With(With(one, 0, 65537), 1, 65535)));
        foreach (int width in new[] { 65534, 65535, 65536, 65537, 131_100 })
        {
            foreach (int end in new[] { short.MinValue, (int)short.MaxValue })
            {
                foreach (bool down in new[] { false, true })
                {
                    int[] shape = down ? [1, width, 1, 1] : [1, 1, width, 1];
                    int[] window = With(With(With(one, down ? 0 : 1, width), 11, short.MinValue), 12, short.MaxValue);
                    Good($"{width} elements of {end}, {(down ? "a column" : "a row")}", One(Opcode.AveragePool, I16, shape, [1, 1, 1, 1], window), [.. Enumerable.Repeat((float)end, width)], [end]);
                }
            }
        }

        // 257 rows of 256 columns, two channels: 16,448·32767 − 49,344·32768 over 65,792 is −16384.25, and 0.
        int[] square = With(With(With(With(one, 0, 257), 1, 256), 11, short.MinValue), 12, short.MaxValue);
        float[] pixels = [.. Enumerable.Range(0, 257 * 256).SelectMany(i => new[] { i % 4 == 0 ? 32767f : -32768f, 0f })];
        Good("two channels of 65,792 elements", One(Opcode.AveragePool, I16, [1, 257, 256, 2], [1, 1, 1, 2], square), pixels, [-16384, 0]);

        // 131,072 elements of 1 and as many pads that count, in pads before: 0.5 is 1, away from zero.
        int[] padded = With(With(With(With(With(one, 1, 262_144), 7, 131_072), 10, 1), 11, short.MinValue), 12, short.MaxValue);
        Good("pads that count", One(Opcode.AveragePool, I16, [1, 1, 131_072, 1], [1, 1, 1, 1], padded), [.. Enumerable.Repeat(1f, 131_072)], [1]);
        Good("pads that count below 0", One(Opcode.AveragePool, I16, [1, 1, 131_072, 1], [1, 1, 1, 1], padded), [.. Enumerable.Repeat(-1f, 131_072)], [-1]);
        Good("a window wholly in the pads", One(Opcode.AveragePool, I8, [1, 1, 1, 1], [1, 1, 1, 1], With(With(With(one, 7, 1), 11, -128), 12, 127), zero: -9, outputZero: -9), [5], [0]);
    }

    private void AddShapes()
    {
        const string Four = "needs four dimensions and one type";
        const string Batch = "changes batch or channels";
        Bad("an input of three dimensions", Four, One(Opcode.MaxPool, F32, [1, 1, 1], [1, 1, 1, 1], one));
        Bad("an input of five dimensions", Four, One(Opcode.MaxPool, F32, [1, 1, 1, 1, 1], [1, 1, 1, 1], one));
        Bad("an output of three dimensions", Four, One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1], one));
        Bad("an output of five dimensions", Four, One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1, 1], one));
        Bad("an output of another type", Four, One(Opcode.MaxPool, F32, [1, 1, 1, 1], [1, 1, 1, 1], one, outputType: I32));
        Bad("a batch more", Batch, One(Opcode.MaxPool, F32, [2, 1, 1, 2], [3, 1, 1, 2], one));
        Bad("a batch less", Batch, One(Opcode.MaxPool, F32, [2, 1, 1, 2], [1, 1, 1, 2], one));
        Bad("a channel more", Batch, One(Opcode.MaxPool, F32, [2, 1, 1, 2], [2, 1, 1, 3], one));
        Bad("a channel less", Batch, One(Opcode.MaxPool, F32, [2, 1, 1, 2], [2, 1, 1, 1], one));
    }

    private void AddTypes()
    {
        int[] shape = [1, 1, 1, 1];
        Bad("int32", "takes float32, int8 or int16", One(Opcode.MaxPool, I32, shape, shape, one));
        foreach (Opcode opcode in new[] { Opcode.MaxPool, Opcode.AveragePool })
        {
            Prefix = $"{opcode}: ";
            Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(One(opcode, I8, shape, shape, one), 0));
            Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(One(opcode, I8, shape, shape, one), 1));
            Bad("another scale", "changes the scale", One(opcode, I8, shape, shape, one, scale: 1f, outputScale: 0.5f));
            Bad("a lower zero point", "changes the scale", One(opcode, I8, shape, shape, one, zero: 4, outputZero: 3));
            Bad("a higher zero point", "changes the scale", One(opcode, I8, shape, shape, one, zero: 4, outputZero: 5));
            Good("one zero point", One(opcode, I8, shape, shape, With(With(one, 11, -128), 12, 127), zero: 4, outputZero: 4), [3], [3]);
            Within("min", 11, -128, 127, With(one, 12, 127), changed => One(opcode, I8, shape, shape, changed));
            Within("max", 12, 0, 127, one, changed => One(opcode, I8, shape, shape, changed));
        }

        Prefix = "int16: ";
        Within("min", 11, -32768, 32767, With(one, 12, 32767), changed => One(Opcode.MaxPool, I16, shape, shape, changed));
        Within("max", 12, 0, 32767, one, changed => One(Opcode.MaxPool, I16, shape, shape, changed));
        Prefix = "";
        Good("float32 takes no clamp", One(Opcode.MaxPool, F32, shape, shape, With(With(one, 11, 5), 12, -5)), [9], [9]);
    }

    private static RawModel Pool(Opcode opcode, int[] parameters) => One(opcode, F32, [1, 2, 2, 1], [1, 1, 1, 1], parameters);
}
