using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Emitted layers on every input code, at the bounds of the proofs behind them, against their definition.</summary>
public class EmitDenseTests
{
    private static readonly int[] codes = [.. Enumerable.Range(-128, 256)];

    [Fact]
    public void Sums_to_the_end_of_int32_saturate_where_shift_or_zero_point_pass_it()
    {
        var layers = new List<EmitLayer>();
        foreach (int shift in (int[])[-24, -25, -31, 0, 1, 2, 30])
        {
            foreach ((sbyte weight, long bias) in ((sbyte, long)[])[(1, int.MaxValue - 127), (1, int.MaxValue - 128), (1, int.MinValue + 128), (1, int.MinValue + 129), (-1, int.MaxValue - 128), (-1, int.MinValue + 127), (1, 0), (-1, 3)])
            {
                foreach (int zeroPoint in (int[])[0, 127, -128])
                {
                    layers.Add(new EmitLayer { Units = 1, Weights = [weight], Bias = [bias], Shifts = [shift], ZeroPoint = zeroPoint });
                    layers.Add(new EmitLayer { Units = 1, Weights = [weight], Bias = [bias], Shifts = [shift], ZeroPoint = zeroPoint, Multipliers = [int.MaxValue] });
                    layers.Add(new EmitLayer { Units = 2, Weights = [weight, 3], Bias = [bias, 5], Shifts = [shift, -1], ZeroPoint = zeroPoint, Multipliers = [1 << 30, 1 << 30] });
                }
            }
        }

        Check(layers);
    }

    [Fact]
    public void Every_shift_and_rounding_is_that_of_the_definition()
    {
        var random = new Random(21);
        var layers = new List<EmitLayer>();
        for (int shift = -31; shift <= 8; shift++)
        {
            foreach (int multiplier in (int[])[0, 1, 1 << 30, (1 << 30) + 1, int.MaxValue, random.Next()])
            {
                layers.Add(new EmitLayer
                {
                    Units = 1,
                    Weights = [(sbyte)random.Next(-128, 128)],
                    Bias = shift < -12 ? [random.NextInt64(int.MinValue / 2, int.MaxValue / 2)] : [random.Next(-200, 200)],
                    Multipliers = [multiplier],
                    Shifts = [shift],
                    InputZeroPoint = random.Next(-128, 128),
                    ZeroPoint = random.Next(-128, 128),
                });
            }
        }

        Check(layers);
    }

    [Fact]
    public void Clamps_begin_exactly_at_their_bounds()
    {
        // Results from −128 − 3 to 127 + 4, with clamps at, before and beyond the ends of that range.
        var layers = new List<EmitLayer>();
        foreach (int half in (int[])[0, -3, 4])
        {
            foreach ((int min, int max) in ((int, int)[])[(-128, 127), (-127, 126), (0, 127), (-128, 0), (5, 5), (-128 + half, 127), (-128, 127 + half)])
            {
                if (min < -128 || max > 127)
                {
                    continue;
                }

                foreach (int zeroPoint in (int[])[0, min, Math.Min(127, min + 1)])
                {
                    layers.Add(new EmitLayer { Units = 1, Weights = [4], Bias = [2 * half], Shifts = [-2], Min = min, Max = max, ZeroPoint = zeroPoint });
                    layers.Add(new EmitLayer { Units = 1, Weights = [2], Bias = [2 * half], Min = min, Max = max, ZeroPoint = zeroPoint });
                    layers.Add(new EmitLayer { Units = 1, Weights = [6], Bias = [2 * half], Shifts = [-2], Min = min, Max = max, ZeroPoint = zeroPoint });
                    layers.Add(new EmitLayer { Units = 1, Weights = [120], Bias = [2 * half], Min = min, Max = max, ZeroPoint = zeroPoint });
                }
            }
        }

        Check(layers);
    }

    // low is the clamp's −128 and high 16·127 + bias / 2: 4,096 entries with a bias of 2 · 1,935.
    [Theory]
    [InlineData(1934, 4095)]
    [InlineData(1935, 4096)]
    [InlineData(1936, 0)]
    public void A_table_in_place_of_a_clamp_has_4096_entries_at_most(int half, int entries)
    {
        var batch = new EmitBatch();
        var layer = new EmitLayer { Units = 1, Weights = [32], Bias = [2L * half] };
        int index = batch.Add(layer.File());
        Compare(batch, index, layer);
        Assert.Equal(entries, Arrays(batch.Code(index), "Clamp").Sum(array => array.Length));
    }

    [Theory]
    [InlineData(1934, 4095)]
    [InlineData(1935, 4096)]
    [InlineData(1936, 256)]
    public void A_table_that_reaches_over_all_results_has_4096_entries_at_most(int half, int entries)
    {
        var batch = new EmitBatch();
        EmitLayer layer = WithTable([32], [2L * half], 1);
        int index = batch.Add(layer.File());
        Compare(batch, index, layer);
        Assert.Equal(entries, Arrays(batch.Code(index), "Wide").Sum(array => array.Length));
    }

    [Fact]
    public void Beside_a_unit_too_wide_for_a_table_each_other_is_looked_up_only_within_it()
    {
        // The first unit's results are far more than a table; the others' end at the table's ends, and one before and past them.
        var layers = new List<EmitLayer>();
        foreach (int half in (int[])[-2, -1, 0, 1, 2])
        {
            foreach ((int min, int max) in ((int, int)[])[(-128, 127), (-126, 125), (-128, 125), (-126, 127)])
            {
                layers.Add(WithTable([126, 2], [0, 2 * half], 2) with { Min = min, Max = max });
                layers.Add(WithTable([126, -2], [0, 2 * half], 2) with { Min = min, Max = max });
            }
        }

        Check(layers);
    }

    [Fact]
    public void Clamps_of_one_layer_are_those_of_each_unit()
    {
        var random = new Random(5);
        var layers = new List<EmitLayer>();
        for (int i = 0; i < 40; i++)
        {
            int units = random.Next(2, 9);
            layers.Add(new EmitLayer
            {
                Units = units,
                Weights = [.. Enumerable.Range(0, units).Select(_ => (sbyte)random.Next(-128, 128))],
                Bias = i % 5 == 0 ? null : [.. Enumerable.Range(0, units).Select(_ => (long)random.Next(-3000, 3000))],
                Multipliers = [.. Enumerable.Range(0, units).Select(_ => random.Next(1 << 30, int.MaxValue))],
                Shifts = [.. Enumerable.Range(0, units).Select(_ => random.Next(-8, 2))],
                InputZeroPoint = random.Next(-128, 128),
                ZeroPoint = i % 3 == 0 && i % 2 != 0 ? 0 : random.Next(-128, 128),
                Min = random.Next(-128, 0),
                Max = random.Next(0, 128),
                Output = i % 3 == 0 ? TensorType.Int16 : TensorType.Int8,
                Table = i % 2 == 0 ? [.. Enumerable.Range(0, 256).Select(_ => random.Next(-128, 128))] : null,
            });
        }

        Check(layers);
    }

    [Fact]
    public void Int16_layers_are_their_definition_on_every_code()
    {
        // Sums of 1 · x + bias with a multiplier of 1: at the end of int32 and past it, where they saturate.
        var layers = new List<EmitLayer>();
        EmitLayer plain = new() { Input = TensorType.Int16, Output = TensorType.Int16, Units = 1, Weights = [1], Bias = [0], Shifts = [1], Min = -32768, Max = 32767 };
        foreach (long bias in (long[])[int.MaxValue - 32767L, int.MaxValue - 32766L, int.MinValue + 32768L, int.MinValue + 32767L, 1L << 31, 1L << 40, -(1L << 40), 0, 1, -1, 100])
        {
            layers.Add(plain with { Bias = [bias] });
            layers.Add(plain with { Bias = [bias], Weights = [-1] });
            layers.Add(plain with { Bias = [bias], Output = TensorType.Int8, Min = -128, Max = 127, ZeroPoint = 5 });
            layers.Add(plain with { Bias = [bias], Output = TensorType.Int8, Min = -128, Max = 127, ZeroPoint = -5 });
        }

        layers.Add(plain with { Bias = [(1L << 46) - 1], Shifts = [7], Multipliers = [int.MaxValue] });
        layers.Add(plain with { Bias = [-(1L << 46)], Shifts = [7], Multipliers = [int.MaxValue] });

        // A clamp on one side only, over results too wide for a table; the multiplier that is cut to 16 bits near its top.
        layers.Add(plain with { Shifts = [-1], Weights = [127], Min = -1000 });
        layers.Add(plain with { Shifts = [-1], Weights = [127], Max = 1000 });
        layers.Add(plain with { Shifts = [-3], Weights = [-128], Multipliers = [0x7FFFFFF0] });
        layers.Add(plain with { Shifts = [7], Weights = [127], Multipliers = [int.MaxValue] });
        layers.Add(plain with { Shifts = [-31], Weights = [127], Bias = [1L << 45], Multipliers = [0x7FFEFFFF] });
        layers.Add(plain with { Shifts = [-3], Weights = [-128], Multipliers = [0x7FFF0000] });
        layers.Add(plain with { Shifts = [-4], Weights = [77], Multipliers = [0x5FFF8000], Min = -20000, Max = 12345 });
        layers.Add(plain with { Bias = null, Shifts = [-7], Weights = [3], Output = TensorType.Int8, Min = -100, Max = 99, ZeroPoint = 17, Table = [.. Enumerable.Range(0, 256).Select(i => ((i * 37) % 256) - 128)] });
        Check(layers);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(256)]
    [InlineData(257)]
    public void Layers_of_any_depth_add_up_all_their_inputs(int depth)
    {
        var random = new Random(depth);
        var batch = new EmitBatch();
        var layers = new List<EmitLayer>();
        foreach (TensorType type in (TensorType[])[TensorType.Int8, TensorType.Int16])
        {
            const int Units = 5;
            var layer = new EmitLayer
            {
                Input = type,
                Output = type,
                Units = Units,
                Weights = [.. Enumerable.Range(0, Units * depth).Select(_ => (sbyte)random.Next(-128, 128))],
                Bias = [.. Enumerable.Range(0, Units).Select(_ => (long)random.Next(-300, 300))],
                Shifts = [type == TensorType.Int8 ? -8 : -9],
                Min = type == TensorType.Int8 ? -128 : -32768,
                Max = type == TensorType.Int8 ? 127 : 32767,
            };
            batch.Add(layer.File());
            layers.Add(layer);
        }

        for (int i = 0; i < layers.Count; i++)
        {
            for (int trial = 0; trial < 20; trial++)
            {
                int low = layers[i].Input == TensorType.Int8 ? -128 : -32768;
                int[] input = [.. Enumerable.Range(0, depth).Select(_ => trial switch { 0 => low, 1 => -low - 1, _ => random.Next(low, -low) })];
                Assert.Equal(layers[i].Compute(input), Run(batch, i, layers[i], input));
            }
        }
    }

    [Fact]
    public void Lanes_hold_every_sum_that_their_weights_can_give()
    {
        var random = new Random(9);
        for (int trial = 0; trial < 200; trial++)
        {
            int depth = random.Next(1, 40);
            int units = random.Next(1, 12);
            int limit = trial % 2 == 0 ? 128 : 32640;
            int[] weights = [.. Enumerable.Range(0, units * depth).Select(_ => random.Next(3) == 0 ? 0 : random.Next(-limit, limit))];
            int low = random.Next(-32768, 100);
            var range = new EdgeInference.ModelConverter.Emit.ValueRange(low, random.Next(low, 32768));
            List<LaneGroup> groups = LanePlan.Make(weights, units, range);
            Assert.Equal([.. Enumerable.Range(0, units)], groups.SelectMany(group => group.Lanes).Select(lane => lane.Unit));
            foreach (LaneGroup group in groups)
            {
                Assert.InRange(group.Lanes.Sum(lane => lane.Bits), 1, 63);
                foreach (Lane lane in group.Lanes)
                {
                    int[] row = weights[(lane.Unit * depth)..((lane.Unit + 1) * depth)];
                    long least = row.Sum(w => Math.Min((long)w * range.Low, (long)w * range.High));
                    long most = row.Sum(w => Math.Max((long)w * range.Low, (long)w * range.High));
                    Assert.Equal((least, most, most - least), (lane.Low, lane.High, lane.Span));

                    // As many bits as the span takes, and one where it is 0.
                    Assert.True(lane.Span < 1L << lane.Bits && (lane.Bits == 1 || lane.Span >= 1L << (lane.Bits - 1)));
                }

                // The packed element at both ends of all lanes, modulo 2⁶⁴, holds each lane's span or 0, and its top bit stays 0.
                foreach (bool top in (bool[])[false, true])
                {
                    Int128 element = group.Lanes.Aggregate((Int128)0, (sum, lane) => sum + ((Int128)(top ? lane.Span : 0) << lane.Shift));
                    Assert.True(element >= 0 && element < (Int128)1 << 63);
                }
            }

            // A group is full: the next unit's lane would not have fitted.
            for (int g = 0; g + 1 < groups.Count; g++)
            {
                Assert.True(groups[g].Lanes.Sum(lane => lane.Bits) + groups[g + 1].Lanes[0].Bits > 63);
            }
        }
    }

    [Fact]
    public void The_short_form_of_a_requantization_is_exact_and_never_passes_64_bits()
    {
        var random = new Random(31);
        int proven = 0;
        for (int trial = 0; trial < 20_000; trial++)
        {
            long low = random.NextInt64(-1L << random.Next(1, 32), 1);
            var lane = new Lane(0, 0, 32, low, low + random.NextInt64(0, 1L << random.Next(1, 33)));
            int bias = random.Next(2) == 0 ? 0 : (int)random.NextInt64(int.MinValue, int.MaxValue) >> random.Next(31);
            int multiplier = random.Next(8) == 0 ? random.Next() : random.Next(1 << 30, int.MaxValue);
            int shift = random.Next(-31, 3);
            int zeroPoint = random.Next(-128, 128);
            int min = random.Next(2) == 0 ? -128 : zeroPoint;
            long tableLow = random.Next(2) == 0 ? 0 : random.Next(-300, 0);
            RequantizationCode form = RequantizationCode.Make(lane, bias, multiplier, shift, zeroPoint, min, tableLow);
            bool fits = lane.Low + bias >= int.MinValue && lane.High + bias <= int.MaxValue;
            Assert.False(form.IsProven && (!fits || shift > 0 || multiplier == 0));
            if (!form.IsProven)
            {
                // What fits easily is proven.
                Assert.False(fits && shift is <= 0 and > -20 && multiplier != 0 && lane.Span < 1 << 20 && Math.Abs((long)bias) < 1 << 20, $"{lane} {bias} {multiplier} {shift}");
                continue;
            }

            proven++;
            long[] sums = [0, lane.Span, lane.Span / 2, Math.Clamp(-lane.Low - bias, 0, lane.Span), Math.Clamp(-lane.Low - bias - 1, 0, lane.Span), random.NextInt64(0, lane.Span + 1)];
            foreach (long held in sums)
            {
                Int128 p = Held((Int128)held * (long)form.Multiplier);
                p = Held(p + (long)form.Constant);
                if (form.NeedsSign)
                {
                    p = Held(p < 0 ? p - (long)form.SignStep : p);
                    p = Held(p + (long)form.AfterSign);
                }

                long actual = (long)(p >> form.Shift) + tableLow;
                var one = new EmitLayer { Units = 1, Weights = [0], Bias = [held + lane.Low + bias], Multipliers = [multiplier], Shifts = [shift], ZeroPoint = zeroPoint, Min = int.MinValue, Max = int.MaxValue };
                int expected = one.Compute([0])[0];

                // Results at or below the clamp are alike.
                Assert.True(actual == expected || (actual <= min && expected <= min), $"{lane} bias {bias} · {multiplier} · 2^{shift}, zero point {zeroPoint}, min {min}: {actual} for {expected}");
                Assert.InRange(actual, form.Low, form.High);
            }

            Assert.InRange(form.Shift, 1, 63);
        }

        Assert.True(proven > 5000);

        static Int128 Held(Int128 value)
        {
            Assert.True(value >= long.MinValue && value <= long.MaxValue);
            return value;
        }
    }

    // 0.5 of even sums over one input: k·x + bias / 2, a table that differs at each entry.
    private static EmitLayer WithTable(sbyte[] weights, long[] bias, int units) => new()
    {
        Units = units,
        Weights = weights,
        Bias = bias,
        Table = [.. Enumerable.Range(0, 256).Select(i => (i * 91 % 256) - 128)],
    };

    private static void Check(List<EmitLayer> layers)
    {
        var batch = new EmitBatch();
        foreach (EmitLayer layer in layers)
        {
            batch.Add(layer.File());
        }

        for (int i = 0; i < layers.Count; i++)
        {
            Compare(batch, i, layers[i]);
        }
    }

    // Every code of a layer of one input, and the engine with it.
    private static void Compare(EmitBatch batch, int index, EmitLayer layer)
    {
        using EdgeModel model = EdgeModel.Load(batch.File(index));
        using Session session = model.CreateSession(KernelSet.Reference);
        IEnumerable<int> inputs = layer.Input == TensorType.Int8 ? codes : Enumerable.Range(-32768, 65536).Where(x => x % 257 == 0 || Math.Abs(x) > 32740 || Math.Abs(x) < 20);
        foreach (int x in inputs)
        {
            int[] expected = layer.Compute([x]);
            int[] actual = Run(batch, index, layer, [x]);
            Assert.True(expected.SequenceEqual(actual), $"{layer} ({string.Join(' ', layer.Weights)}; {string.Join(' ', layer.Bias ?? [])}; {string.Join(' ', layer.Multipliers)}; {string.Join(' ', layer.Shifts)}) at {x}: {string.Join(' ', actual)} for {string.Join(' ', expected)}");
            if (layer.Input == TensorType.Int8)
            {
                session.Input<sbyte>()[0] = (sbyte)x;
            }
            else
            {
                session.Input<short>()[0] = (short)x;
            }

            session.Run();
            Assert.Equal(expected, layer.Output == TensorType.Int8 ? Array.ConvertAll(session.Output<sbyte>().ToArray(), value => (int)value) : Array.ConvertAll(session.Output<short>().ToArray(), value => (int)value));
        }
    }

    private static int[] Run(EmitBatch batch, int index, EmitLayer layer, int[] input)
    {
        Array raw = layer.Input == TensorType.Int8 ? Array.ConvertAll(input, value => (sbyte)value) : Array.ConvertAll(input, value => (short)value);
        return layer.Output == TensorType.Int8 ? Array.ConvertAll(batch.Run<sbyte>(index, raw), value => (int)value) : Array.ConvertAll(batch.Run<short>(index, raw), value => (int)value);
    }

    private static IEnumerable<Array> Arrays(Type code, string prefix) =>
        code.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Where(field => field.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(field => (Array)field.GetValue(null)!);
}
