using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class TableRuleRows : RuleRows
{
    private const string Length = "has a table whose length is not a whole number of segments";
    private const string Order = "has a table whose segments are not in order from -32768";
    private const string Shift = "has a table with a shift above 16";
    private const int SteepStep = 1_073_758_208;
    private const int SteepRest = 1 << 14;

    protected override void Add()
    {
        AddBytes();
        AddSegments();
    }

    private void AddBytes()
    {
        Good("the ends of a table", Bytes(256), [-128, 127, 0, -1, 1, 5], [0, -1, -128, 127, -127, -123]);
        Good("a table for each channel", Bytes(768), [-128, -128, -128, 127, 127, 127], [0, 5, 10, -1, 4, 9]);
        Good("a table of int16", One(Opcode.Table, I8, [3], [3], [], model => [model.Shorts([256], [.. Enumerable.Range(0, 256).Select(i => (short)(100 * i))])], I16), [-128, 0, 127], [0, 12800, 25500]);
        OutputLikeInput(Opcode.Table, I8, [], model => [Entries(model, 256)]);
        const string Size = "has a table without 256 entries, or 256 for each channel";
        foreach (int count in new[] { 255, 257, 512, 767, 769 })
        {
            Bad($"{count} entries for three channels", Size, Bytes(count));
        }

        Bad("float32", "takes int8 or int16", One(Opcode.Table, F32, [2], [2], [], model => [Entries(model, 256)], I8));
        Bad("int32", "takes int8 or int16", One(Opcode.Table, I32, [2], [2], [], model => [Entries(model, 256)], I8));
        Bad("an output of float32", "writes int8 or int16", One(Opcode.Table, I8, [2], [2], [], model => [Entries(model, 256)], F32));
        Bad("a table of another type", "input 1 is not a constant of the type that it needs", One(Opcode.Table, I8, [2], [2], [], model => [Entries(model, 256)], I16));
        RawModel scaleless = One(Opcode.Table, I8, [2], [2], [], model => [Entries(model, 256)]);
        scaleless.Tensors[1].Scale = null;
        Bad("an output without a scale", "uses tensor 1, which has no scale", scaleless);
    }

    private void AddSegments()
    {
        Prefix = "segments: ";
        Good("one", Segments(Line(-32768, 16)), [-32768, 0, 32767], [0, 8192, 16383]);
        Good("two", Segments(Constant(-32768, -3), Constant(0, 5)), [-1, 0, 32767], [-3, 5, 5]);
        Good("the second as early as it may be", Segments(Constant(-32768, -3), Constant(-32767, 5)), [-32768, -32767, 0], [-3, 5, 5]);
        Good("the second as late as it may be", Segments(Constant(-32768, -3), Constant(32767, 5)), [32766, 32767, 0], [-3, 5, -3]);
        Good("a shift of 0", Segments(Constant(-32768, 7, 0)), [0, 1, 2], [7, 7, 7]);
        Good("coefficients as far as they may be", Segments([(32 * -32768) + 16, int.MaxValue, int.MinValue, int.MinValue, int.MaxValue]), [-32768, 32767, 0], [-1, -1, 24575]);

        // 1,073,758,208 · 65,535 + 16,383 is 2⁴⁶ − 1, of which 2³¹ − 1 are left, which is −1 in 16 bits.
        const string Sums = "has a table whose sums can leave 64 bits, or its results 32";
        Good("a result of 2³¹ − 1", Segments(Steep(-32768, SteepRest - 1)), [32767, -32768, 32767], [-1, (SteepRest - 1) >> 15, -1]);
        Bad("a result of 2³¹", Sums, Segments(Steep(-32768, SteepRest)));
        Good("a result of 2³¹ − 1 before a second segment", Segments(Steep(-32768, SteepRest - 1 + SteepStep), Constant(32767, 5)), [32766, 32767, 32767], [-1, 5, 5]);
        Bad("a result of 2³¹ before a second segment", Sums, Segments(Steep(-32768, SteepRest + SteepStep), Constant(32767, 5)));
        Bad("a square beyond 64 bits", Sums, Segments([32 * -32768, 0, 0, int.MaxValue, 0]));
        Good("a square of a short segment", Segments(Constant(-32768, 5), [32 * 32765, 0, 0, 1 << 15, 0]), [32765, 32766, 32767], [0, 1, 4]);
        OutputLikeInput(Opcode.Table, I16, [], model => [model.Ints([5], Constant(-32768, 1))]);
        Bad("a shift of 17", Shift, Segments(Line(-32768, 17)));
        Bad("a second shift of 17", Shift, Segments(Constant(-32768, 1), Line(0, 17)));
        Bad("a first one too late", Order, Segments(Constant(-32767, 1)));
        Bad("a first one too early", Order, Segments(Constant(-32769, 1)));
        Bad("the second where the first is", Order, Segments(Constant(-32768, 1), Constant(-32768, 1)));
        Bad("the third before the second", Order, Segments(Constant(-32768, 1), Constant(5, 1), Constant(4, 1)));
        Bad("the second past int16", Order, Segments(Constant(-32768, 1), Constant(32768, 1)));
        Bad("four numbers", Length, Segments(Constant(-32768, 1)[..4]));
        Bad("six numbers", Length, Segments([.. Constant(-32768, 1), 0]));
        int[] most = [.. Enumerable.Range(-32768, 65536).SelectMany(start => Constant(start, start & 7, 0))];
        Good("one for each input", Segments(most), [-32768, -1, 32767], [0, 7, 7]);
        Bad("one more than there are inputs", Length, Segments([.. most, .. Constant(32767, 1)]));
        Bad("float32 numbers", "input 1 is not a constant of the type that it needs", One(Opcode.Table, I16, [3], [3], [], model => [model.Floats([5], 1, 1, 1, 1, 1)]));
    }

    private static int[] Constant(int start, int value, int shift = 16) => [(32 * start) + shift, value << 15, 0, 0, 0];

    // SteepStep · t + rest.
    private static int[] Steep(int start, int rest) => [32 * start, rest, SteepStep, 0, 0];

    // (x + 32768) / 4.
    private static int[] Line(int start, int shift) => [(32 * start) + shift, 0, 1 << 29, 0, 0];

    private static RawModel Segments(params int[][] segments)
    {
        int[] numbers = [.. segments.SelectMany(numbers => numbers)];
        return One(Opcode.Table, I16, [3], [3], [], model => [model.Ints([numbers.Length], numbers)]);
    }

    // Entry i of channel c is i + 5c.
    private static int Entries(RawModel model, int count) => model.Bytes([count], [.. Enumerable.Range(0, count).Select(i => (sbyte)((i & 255) + (5 * (i >> 8))))]);

    private static RawModel Bytes(int count) => One(Opcode.Table, I8, [2, 3], [2, 3], [], model => [Entries(model, count)]);
}
