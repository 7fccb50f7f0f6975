using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class DenseRuleRows : RuleRows
{
    private const string Type = "is not a constant of the type that it needs";
    private static readonly int[] plain = [0, 0, 0, 0, 0, 0];
    private static readonly int[] bytes = [0, 0, 0, -128, 127, 0];
    private static readonly int[] shorts = [0, 0, 0, -32768, 32767, 0];

    protected override void Add()
    {
        AddShapes();
        AddFloats();
        AddBytes();
        AddShorts();
        AddAccumulators();
        AddSums();
        AddResults();
    }

    private void AddShapes()
    {
        Good("two rows", Floats([2, 3], [2, 3], [2, 2]), [1, 2, 3, 10, 20, 30], [14, 32, 140, 320]);
        Good("one dimension", Floats([3], [2, 3], [2]), [1, 2, 3], [14, 32]);
        Good("rows in other dimensions", Floats([2, 1, 3], [1, 3], [1, 2, 1]), [1, 2, 3, 10, 20, 30], [14, 140]);
        Bad("a scalar input", "needs an input of one dimension or more", Floats([], [1, 1], [1]));
        const string Weights = "needs constant weights of two dimensions";
        Bad("weights without dimensions", Weights, Floats([1], [], [1]));
        Bad("weights of one dimension", Weights, Floats([3], [3], [1]));
        Bad("weights of three dimensions", Weights, Floats([3], [1, 3, 1], [1]));
        RawModel arena = One(Opcode.Dense, F32, [3], [1], plain, model => [model.Arena(F32, [1, 3])]);
        arena.Input(2);
        Bad("weights of the arena", Weights, arena);
        Bad("absent weights", "is missing input 1", One(Opcode.Dense, F32, [3], [1], plain, _ => [-1]));
        Bad("a feature more", "has an input of 4 features but its weights have 3", Floats([4], [2, 3], [2]));
        Bad("a feature less", "has an input of 2 features but its weights have 3", Floats([2], [2, 3], [2]));
        Bad("a unit more in the output", "has an output whose width differs from its weights", Floats([3], [2, 3], [3]));
        Bad("a unit less in the output", "has an output whose width differs from its weights", Floats([3], [2, 3], [1]));
        Bad("a scalar output", "has an output whose width differs from its weights", Floats([3], [1, 3], []));
        Bad("a row more", "has an output with a different number of rows", Floats([2, 3], [2, 3], [3, 2]));
        Bad("a row less", "has an output with a different number of rows", Floats([2, 3], [2, 3], [1, 2]));
    }

    private void AddFloats()
    {
        Good("a bias", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), model.Floats([2], 100, 200)]), [1, 2, 3], [114, 232]);
        Good("a bias that is absent", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), -1]), [1, 2, 3], [14, 32]);
        Bad("a bias more", "input 2 has 3 elements, expected 2", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), model.Floats([3], 1, 1, 1)]));
        Bad("a bias less", "input 2 has 1 elements, expected 2", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), model.Floats([1], 1)]));
        Bad("a bias of int32", $"input 2 {Type}", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), model.Ints([2], 1, 1)]));
        Bad("quantization inputs", "has quantization inputs in float32", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6)), -1, -1]));
        Bad("weights of another type", "mixes types", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Ints([2, 3], 1, 1, 1, 1, 1, 1)]));
        Bad("an output of another type", "mixes types", One(Opcode.Dense, F32, [3], [2], plain, model => [model.Floats([2, 3], Count(6))], I8));
        Within("activation", 0, 0, 20, plain, changed => Floats([3], [2, 3], [2], changed));
        Bad("PReLU", "cannot fuse PReLU", Floats([3], [2, 3], [2], With(plain, 0, 8)));
        Finite("alpha(f)", 1, plain, changed => Floats([3], [2, 3], [2], changed));
        Finite("beta(f)", 2, plain, changed => Floats([3], [2, 3], [2], changed));
        Good("float32 takes no clamp", Floats([3], [2, 3], [2], [0, 0, 0, 5, -5, 7]), [1, 2, 3], [14, 32]);
    }

    private void AddBytes()
    {
        Prefix = "int8: ";
        Good("a bias, a clamp and a zero point", One(Opcode.Dense, I8, [3], [2], [0, 0, 0, -128, 120, 5], model => [Weights(model), model.Ints([2], 10, 200), .. Factors(model, 1)], outputZero: 5), [1, 2, 3], [16, 115]);
        Good("a factor for each unit", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, model.Ints([2], 1 << 30, 1 << 29), model.Shifts(1, 1)]), [1, 2, 5], [8, 5]);
        Good("a table of the clamped sum", One(Opcode.Dense, I8, [3], [2], [0, 0, 0, -128, 6, 1], model => [Weights(model), -1, .. Factors(model, 1), Table(model, 256)]), [1, 2, 2], [-6, -4]);
        Good("a table of int16", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1), model.Shorts([256], [.. Enumerable.Range(0, 256).Select(i => (short)(100 * (i - 128)))])], I16), [1, 2, 3], [600, 500]);
        Good("an output of int16", One(Opcode.Dense, I8, [3], [2], shorts, model => [Weights(model), model.Ints([2], 1000, 40000), .. Factors(model, 1)], I16), [1, 2, 3], [1006, 32767]);
        Bad("weights of float32", "needs int8 weights", One(Opcode.Dense, I8, [3], [2], bytes, model => [model.Floats([2, 3], Count(6)), -1, .. Factors(model, 1)]));
        Bad("weights of int16", "needs int8 weights", One(Opcode.Dense, I8, [3], [2], bytes, model => [model.Shorts([2, 3], 1, 1, 1, 1, 1, 1), -1, .. Factors(model, 1)]));
        Within("activation", 0, 0, 0, bytes, Bytes);
        Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Bytes(bytes), 0));
        Bad("an output without a scale", "uses tensor 1, which has no scale", Scaleless(Bytes(bytes), 1));
        Bad("an output of int32", "writes int8 or int16", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1)], I32, outputScale: 1f));
        Bad("a bias of int64", $"input 2 {Type}", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Longs([2], 1, 1), .. Factors(model, 1)]));
        Bad("a bias more", "input 2 has 3 elements, expected 2", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Ints([3], 1, 1, 1), .. Factors(model, 1)]));
        Bad("a bias less", "input 2 has 1 elements, expected 2", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Ints([1], 1), .. Factors(model, 1)]));
        AddFactors(I8, bytes, 30);
        Within("min", 3, -128, 127, bytes, Bytes);
        Within("max", 4, -128, 127, bytes, Bytes);
        Bad("a clamp that ends before it begins", "has parameter 'max' = -8 outside -7 to 127", Bytes(With(With(bytes, 3, -7), 4, -8)));
        Good("a clamp to one number", Bytes(With(With(bytes, 3, -7), 4, -7)), [1, 2, 3], [-7, -7]);
        Bad("two factors for three units", "has multipliers for a different number of channels", One(Opcode.Dense, I8, [2], [3], bytes, model => [model.Bytes([3, 2], 1, 1, 1, 1, 1, 1), -1, .. Factors(model, 2)]));
        Within("zero_point", 5, -128, 127, bytes, changed => Tabled(I8, changed));
        foreach (int zero in new[] { -128, 3, 127 })
        {
            Good($"the output's zero point {zero}", One(Opcode.Dense, I8, [3], [2], With(bytes, 5, zero), model => [Weights(model), -1, .. Factors(model, 1)], outputZero: zero));
        }

        const string Zero = "has a zero point that differs from its output's";
        Bad("a zero point below the output's", Zero, One(Opcode.Dense, I8, [3], [2], With(bytes, 5, 2), model => [Weights(model), -1, .. Factors(model, 1)], outputZero: 3));
        Bad("a zero point above the output's", Zero, One(Opcode.Dense, I8, [3], [2], With(bytes, 5, 4), model => [Weights(model), -1, .. Factors(model, 1)], outputZero: 3));
        Good("a zero point of its own before a table", One(Opcode.Dense, I8, [3], [2], With(bytes, 5, 4), model => [Weights(model), -1, .. Factors(model, 1), Table(model, 256)], outputZero: 3));
        Bad("an entry less", "input 5 has 255 elements, expected 256", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1), Table(model, 255)]));
        Bad("an entry more", "input 5 has 257 elements, expected 256", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1), Table(model, 257)]));
        Bad("a table of another type than the output", $"input 5 {Type}", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1), Table(model, 256)], I16));
        Prefix = "int8 to int16: ";
        Within("min", 3, -32768, 32767, shorts, Wide);
        Within("max", 4, -32768, 32767, shorts, Wide);
        Within("zero_point", 5, 0, 0, shorts, Wide);
        Bad("an output of another zero point", Zero, One(Opcode.Dense, I8, [3], [2], shorts, model => [Weights(model), -1, .. Factors(model, 1)], I16, outputZero: 1));
        Prefix = "int8 by a table to int16: ";
        Within("min", 3, -128, 127, bytes, changed => Tabled(I16, changed));
        Within("max", 4, -128, 127, bytes, changed => Tabled(I16, changed));
        Prefix = "";
        Bad("int32", "takes float32, int8 or int16", One(Opcode.Dense, I32, [3], [2], bytes, model => [Weights(model)]));

        RawModel Wide(int[] changed) => One(Opcode.Dense, I8, [3], [2], changed, model => [Weights(model), -1, .. Factors(model, 1)], I16);
    }

    private void AddFactors(TensorType type, int[] parameters, int highest)
    {
        Good("the smallest factors", Factored([2], [0, int.MaxValue], [-31, highest]));
        Bad("a factor below 0", "has a negative multiplier", Factored([1], [-1], [0]));
        Bad("a second factor below 0", "has a negative multiplier", Factored([2], [0, -1], [0, 0]));
        Bad("a shift of -32", $"has a shift outside -31 to {highest}", Factored([1], [0], [-32]));
        Bad("a shift too high", $"has a shift outside -31 to {highest}", Factored([1], [0], [highest + 1]));
        Bad("a second shift too high", $"has a shift outside -31 to {highest}", Factored([2], [0, 0], [0, highest + 1]));
        Bad("factors for three units", "has multipliers for a different number of channels", Factored([3], [1, 1, 1], [0, 0, 0]));
        Bad("a shift less", "input 4 has 1 elements, expected 2", Factored([2], [1, 1], [0]));
        Bad("a shift more", "input 4 has 2 elements, expected 1", Factored([1], [1], [0, 0]));
        Bad("no factors", "is missing input 3", One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model)]));
        Bad("no shifts", "is missing input 4", One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model), -1, model.Ints([1], 1)]));
        Bad("factors of float32", $"input 3 {Type}", One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model), -1, model.Floats([1], 1), model.Shifts(1)]));
        Bad("shifts of int32", $"input 4 {Type}", One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model), -1, model.Ints([1], 1), model.Ints([1], 1)]));
        Bad("shifts of float32", $"input 4 {Type}", One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model), -1, model.Ints([1], 1), model.Floats([1], 1)]));

        RawModel Factored(int[] shape, int[] multipliers, int[] shifts) =>
            One(Opcode.Dense, type, [3], [2], parameters, model => [Weights(model), -1, model.Ints(shape, multipliers), model.Shifts(shifts)]);
    }

    private void AddShorts()
    {
        Prefix = "int16: ";
        Good("a bias", One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), model.Longs([2], 1000, -60000), .. Factors(model, 1)]), [100, 200, 300], [1600, -32768]);
        Good("an output of int8", One(Opcode.Dense, I16, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1)], I8), [100, 20, 3], [123, 86]);
        Bad("an input of zero point 1", "needs int16 inputs with zero point 0", One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), -1, .. Factors(model, 1)], zero: 1));
        Bad("an input of zero point -1", "needs int16 inputs with zero point 0", One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), -1, .. Factors(model, 1)], zero: -1));
        Good("int8 inputs of a zero point", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), -1, .. Factors(model, 1)], zero: 1), [1, 2, 3], [6, 5]);
        Bad("a bias of int32", $"input 2 {Type}", One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), model.Ints([2], 1, 1), .. Factors(model, 1)]));
        AddFactors(I16, shorts, 7);
        AddHalves();
    }

    // 256·h + l: 257, 514 and 771; then −32896, the least there is, 1 and 0.
    private void AddHalves()
    {
        Prefix = "weights of 16 bits: ";
        Good("halves", One(Opcode.Dense, I16, [3], [2], shorts, model => [Halves(model, 2, 2, 3), model.Longs([2], 1000, 0), .. Factors(model, 1)]), [1, 2, 3], [4598, -32768]);
        Good("halves without a bias", One(Opcode.Dense, I16, [3], [2], shorts, model => [Halves(model, 2, 2, 3), -1, .. Factors(model, 1)]), [1, 2, 3], [3598, -32768]);
        Good("two rows", One(Opcode.Dense, I16, [2, 3], [2, 2], shorts, model => [Halves(model, 2, 2, 3), -1, .. Factors(model, 1)]), [1, 2, 3, 0, 5, 1], [3598, -32768, 3341, 5]);
        const string Dimensions = "needs constant weights of two dimensions";
        Bad("one half", Dimensions, One(Opcode.Dense, I16, [3], [4], shorts, model => [Halves(model, 4, 1, 3), -1, .. Factors(model, 1)]));
        Bad("three halves", Dimensions, One(Opcode.Dense, I16, [3], [1], shorts, model => [model.Bytes([1, 3, 3], new sbyte[9]), -1, .. Factors(model, 1)]));
        Bad("halves in four dimensions", Dimensions, One(Opcode.Dense, I16, [3], [2], shorts, model => [model.Bytes([2, 3, 1, 3], new sbyte[18]), -1, .. Factors(model, 1)]));
        Bad("halves of int8 inputs", Dimensions, One(Opcode.Dense, I8, [3], [2], bytes, model => [Halves(model, 2, 2, 3), -1, .. Factors(model, 1)]));
        Bad("a feature less", "has an input of 2 features but its weights have 3", One(Opcode.Dense, I16, [2], [2], shorts, model => [Halves(model, 2, 2, 3), -1, .. Factors(model, 1)]));
        Bad("halves taken for units", "has an output whose width differs from its weights", One(Opcode.Dense, I16, [3], [4], shorts, model => [Halves(model, 2, 2, 3), -1, .. Factors(model, 1)]));
        Good("32,767 features", Deep(32767));
        Bad("a feature more", "has more features than its accumulator can hold, 32767", Deep(32768));

        static int Halves(RawModel model, int units, int halves, int depth) =>
            model.Bytes([units, halves, depth], [1, 2, 3, 1, 2, 3, -128, 0, 0, -128, 1, 0]);
        static RawModel Deep(int features) => One(Opcode.Dense, I16, [features], [1], shorts, model => [model.Bytes([1, 2, features], new sbyte[2 * features]), -1, .. Factors(model, 1)]);
    }

    private void AddAccumulators()
    {
        Prefix = "accumulators: ";
        const string Bias = "has a bias outside 46 bits";
        const long Limit = 1L << 46;
        Good("biases as far as they may be", Biased(-Limit, Limit - 1));
        Bad("a bias below -2⁴⁶", Bias, Biased(-Limit - 1, 0));
        Bad("a bias of 2⁴⁶", Bias, Biased(Limit, 0));
        Bad("a second bias of 2⁴⁶", Bias, Biased(0, Limit));
        Good("no bias", One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), -1, .. Factors(model, 1)]), [1, 2, 3], [6, 5]);
        Good("2²³ features", Deep(1 << 23));
        Bad("a feature more", "has more features than its accumulator can hold, 8388608", Deep((1 << 23) + 1));

        static RawModel Biased(long first, long second) => One(Opcode.Dense, I16, [3], [2], shorts, model => [Weights(model), model.Longs([2], first, second), .. Factors(model, 1)]);
        static RawModel Deep(int features) => One(Opcode.Dense, I16, [features], [1], shorts, model => [model.Bytes([1, features], new sbyte[features]), -1, .. Factors(model, 1)]);
    }

    // 65,793 products of −128 and 255 are −2³¹ + 128.
    private void AddSums()
    {
        Prefix = "int32 sums: ";
        const string Past = "has weights and a bias whose sum can leave 32 bits, in unit 0";
        const int Depth = 65793;
        float[] far = [.. Enumerable.Repeat(255f, Depth)];
        Good("-2³¹", Deep(Depth, -128, -128, -128), far, [-64]);
        Bad("-2³¹ − 1", Past, Deep(Depth, -128, -128, -129));
        Good("2³¹ − 1", Deep(Depth, -128, 127, 127), [.. far.Select(x => -x)], [64]);
        Bad("2³¹", Past, Deep(Depth, -128, 127, 128));
        Good("2³¹ − 1 of weights above 0", Deep(66311, 127, -128, 2_147_483_647 - (66311 * 32385)), [.. Enumerable.Repeat(255f, 66311)], [64]);
        Bad("2³¹ of weights above 0", Past, Deep(66311, 127, -128, 1913));
        Bad("-2³¹ − 1 of weights above 0", Past, Deep(66311, 127, 127, -2_147_483_648 + (66311 * 32385) - 1));
        Good("-2³¹ of weights of -1", Deep(3, -1, 0, int.MinValue + 381));
        Bad("-2³¹ − 1 of weights of -1", Past, Deep(3, -1, 0, int.MinValue + 380));
        Bad("a product more", Past, Deep(Depth + 1, -128, -128, 0));
        Good("more products of small weights", Deep(100_000, 1, -128, 0), [.. Enumerable.Repeat(255f, 100_000)], [1]);
        Bad("a second unit's", "has weights and a bias whose sum can leave 32 bits, in unit 1", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Ints([2], 0, int.MaxValue), .. Factors(model, 1)]));
        Good("the weights of a second unit", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Ints([2], 0, int.MaxValue - 127 - 128 - 254), .. Factors(model, 1)]), [127, -128, 127], [126, 127]);
        Bad("the weights of a second unit and one", "has weights and a bias whose sum can leave 32 bits, in unit 1", One(Opcode.Dense, I8, [3], [2], bytes, model => [Weights(model), model.Ints([2], 0, int.MaxValue - 127 - 128 - 253), .. Factors(model, 1)]));

        // By 2⁻²⁵.
        static RawModel Deep(int features, sbyte weight, int zero, int bias) => One(
            Opcode.Dense, I8, [features], [1], bytes, model => [model.Bytes([1, features], [.. Enumerable.Repeat(weight, features)]), model.Ints([1], bias), model.Ints([1], 1 << 30), model.Shifts(-24)], zero: zero);
    }

    // Sums whose requantized result leaves int32, by a shift or by the zero point.
    private void AddResults()
    {
        foreach (int units in new[] { 1, 4, 64 })
        {
            foreach ((int first, int second, int multiplier, int shift) in new[] { (int.MaxValue, int.MinValue, int.MaxValue, 0), (3, -3, int.MaxValue, 30), (2, -2, 1 << 30, 30), (int.MaxValue, int.MinValue, 1 << 30, 1), (1 << 30, -(1 << 30) - 1, int.MaxValue, 1), (int.MaxValue, int.MinValue, int.MaxValue, 30) })
            {
                foreach (int zero in new[] { 127, -128 })
                {
                    Prefix = $"results of {units} units, {first} and {second} by {multiplier} 2^{shift}, zero point {zero}: ";
                    Good("int8", Results(I8, I8, With(bytes, 5, zero), zero, model => model.Ints([units], [.. Pairs(first, second)])), [1, 2, 3], [.. Pairs(127.0 - zero, -128.0 - zero)]);
                    Good("int8 to int16 by a table", Results(I8, I16, With(bytes, 5, zero), 0, model => model.Ints([units], [.. Pairs(first, second)]), Line), [1, 2, 3], [.. Pairs(127.0, -128.0)]);
                }

                Prefix = $"results of {units} units, {first} and {second} by {multiplier} 2^{shift}: ";
                Good("int8 to int16", Results(I8, I16, shorts, 0, model => model.Ints([units], [.. Pairs(first, second)])), [1, 2, 3], [.. Pairs(32767.0, -32768.0)]);

                RawModel Results(TensorType type, TensorType to, int[] parameters, int zero, Func<RawModel, int> bias, Func<RawModel, int>? table = null) => One(
                    Opcode.Dense, type, [3], [units], parameters, model => [model.Bytes([units, 3], new sbyte[units * 3]), bias(model), model.Ints([1], multiplier), model.Shifts(shift), .. table is null ? Array.Empty<int>() : [table(model)]], to, outputZero: zero);
            }

            foreach ((long first, long second, int multiplier, int shift) in new[] { ((1L << 46) - 1, -(1L << 46), int.MaxValue, 7), (1L << 32, -(1L << 32), int.MaxValue, 0), (1L << 31, -(1L << 31) - 9, 1 << 30, 1), (0x7FFFFFFFL, -0x7FFFFFFFL, 1 << 30, 1) })
            {
                Prefix = $"results of {units} units, {first} and {second} by {multiplier} 2^{shift}: ";
                Good("int16", Wide(I16, shorts), [1, 2, 3], [.. Pairs(32767.0, -32768.0)]);
                Good("int16 to int16 by a table, zero point 127", Wide(I16, With(bytes, 5, 127), Line), [1, 2, 3], [.. Pairs(127.0, -128.0)]);
                Good("int16 to int16 by a table, zero point -128", Wide(I16, With(bytes, 5, -128), Line), [1, 2, 3], [.. Pairs(127.0, -128.0)]);

                RawModel Wide(TensorType to, int[] parameters, Func<RawModel, int>? table = null) => One(
                    Opcode.Dense, I16, [3], [units], parameters, model => [model.Bytes([units, 3], new sbyte[units * 3]), model.Longs([units], [.. Pairs(first, second)]), model.Ints([1], multiplier), model.Shifts(shift), .. table is null ? Array.Empty<int>() : [table(model)]], to);
            }

            IEnumerable<T> Pairs<T>(T first, T second) => Enumerable.Range(0, units).Select(i => i % 2 == 0 ? first : second);
        }

        static int Line(RawModel model) => model.Shorts([256], [.. Enumerable.Range(-128, 256).Select(i => (short)i)]);
    }

    private static int Weights(RawModel model) => model.Bytes([2, 3], 1, 1, 1, 1, -1, 2);

    // A product with 1.
    private static int[] Factors(RawModel model, int count) => [model.Ints([count], [.. Enumerable.Repeat(1 << 30, count)]), model.Shifts([.. Enumerable.Repeat(1, count)])];

    // Each entry is its input's negative, but for the lowest.
    private static int Table(RawModel model, int count) => model.Bytes([count], [.. Enumerable.Range(0, count).Select(i => (sbyte)Math.Clamp(128 - i, -128, 127))]);

    private static RawModel Bytes(int[] parameters) => One(Opcode.Dense, I8, [3], [2], parameters, model => [Weights(model), -1, .. Factors(model, 1)]);

    private static RawModel Tabled(TensorType output, int[] parameters) => One(Opcode.Dense, I8, [3], [2], parameters, model =>
    [
        Weights(model), -1, .. Factors(model, 1), output == I8 ? Table(model, 256) : model.Shorts([256], new short[256]),
    ], output);

    private static RawModel Floats(int[] input, int[] weights, int[] output, int[]? parameters = null) =>
        One(Opcode.Dense, F32, input, output, parameters ?? plain, model => [model.Floats(weights, Count(weights.Aggregate(1, (product, size) => product * size)))]);
}
