using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Operators on single elements: activations, functions of one and two numbers, arithmetic, Where, tables, Quantize and Dequantize.</summary>
internal static class ElementRows
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    private static readonly (int[] A, int[] B, int[] Output)[] broadcasts =
    [
        ([7], [7], [7]),
        ([2, 3, 17], [2, 3, 17], [2, 3, 17]),
        ([1], [5], [5]),
        ([5], [1], [5]),
        ([3, 1], [1, 4], [3, 4]),
        ([1, 4], [3, 1], [3, 4]),
        ([2, 3, 4], [4], [2, 3, 4]),
        ([4], [2, 3, 4], [2, 3, 4]),
        ([2, 1, 4], [3, 1], [2, 3, 4]),
        ([2, 3, 4], [], [2, 3, 4]),
        ([1, 2, 1, 3, 1, 2], [2, 1, 2, 1, 2, 1], [2, 2, 2, 3, 2, 2]),
        ([2, 1, 2, 3], [1, 3, 1, 3], [2, 3, 2, 3]),
        ([1, 33], [3, 33], [3, 33]),
        ([4, 1], [4, 16], [4, 16]),
        ([2, 3, 1], [1, 3, 1], [2, 3, 1]),
        ([1, 5, 1], [4, 1, 1], [4, 5, 1]),
    ];

    internal static IEnumerable<OperatorRow> All() =>
        [.. Activations(), .. Functions(), .. Pairs(), .. Arithmetic(), .. QuantizedArithmetic(), .. Where(), .. Tables(), .. Quantize(), .. Dequantize()];

    private static double[] Grid() =>
    [
        .. Enumerable.Range(-80, 161).Select(i => i / 8.0),
        0, 1e-3, -1e-3, 1e-7, -1e-7, (float)(1.0 / 3), (float)(-1.0 / 3), 6, 5.9999995f, 6.0000005f, -3, 3, -3.0000002f, 2.9999998f, 12.5, -12.5, 20, -20, 30, -30, 60, -60, 88, -87, NaN,
    ];

    private static IEnumerable<OperatorRow> Activations()
    {
        double[] x = Grid();
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Values?[] inputs = kind == ActivationKind.PReLU
                ? [Make.Reals([x.Length / 2, 2], x[..(x.Length / 2 * 2)]), Make.Constant(Make.Reals([2], 0.25, -1.5))]
                : [Make.Reals([x.Length], x)];
            foreach ((double alpha, double beta) in kind == ActivationKind.PReLU ? [(0, 0)] : new (double, double)[] { ((float)0.2, 0.5), (1.5, (float)1.1), (1, 1) })
            {
                yield return new OperatorRow(Opcode.Activation, $"{kind} {alpha} {beta}", inputs, [Make.Like(inputs[0]!, inputs[0]!.Shape)], ("activation", (int)kind), ("alpha", alpha), ("beta", beta))
                {
                    Absolute = kind == ActivationKind.HardSigmoid ? 1e-7 : 1e-37,
                    NanoAbsolute = 1e-7,
                    NanoRelative = 1e-5,
                };
            }

            double[] ends = [-Infinity, Infinity, 0];
            if (kind != ActivationKind.PReLU)
            {
                yield return new OperatorRow(Opcode.Activation, $"{kind} at infinity", [Make.Reals([3], ends)], [Make.Output(TensorType.Float32, 3)], ("activation", (int)kind), ("alpha", 1), ("beta", 1));
            }

            foreach (int width in Make.Widths)
            {
                Values one = Make.Smooth(width, -4, 4, 1, width);
                yield return new OperatorRow(Opcode.Activation, $"{kind} of {width}", kind == ActivationKind.PReLU ? [one, Make.Constant(Make.Real(width, width))] : [one], [Make.Like(one, one.Shape)], ("activation", (int)kind), ("alpha", 1), ("beta", 1))
                {
                    NanoRelative = 1e-5,
                };
            }
        }
    }

    private static IEnumerable<OperatorRow> Functions()
    {
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            double[] x = kind switch
            {
                UnaryKind.Asin or UnaryKind.Acos or UnaryKind.Atanh => [.. Enumerable.Range(-8, 17).Select(i => i / 8.0), (float)0.999, (float)-0.999, 1e-4f],
                UnaryKind.Acosh => [1, 1.25, 1.5, 2, 3, 10, 1000],
                UnaryKind.Log or UnaryKind.Sqrt => [0, 1, 2, 0.5, 1e-10f, 3.25, 1e20f, -1, Infinity],
                UnaryKind.Exp or UnaryKind.Sinh or UnaryKind.Cosh => [.. Enumerable.Range(-40, 81).Select(i => i / 4.0), -Infinity, Infinity],
                UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Tan => [.. Enumerable.Range(-40, 81).Select(i => i / 8.0), 100, -100],
                _ => [.. Enumerable.Range(-24, 49).Select(i => i / 8.0), 2.5, 3.5, -2.5, -3.5, 0.5, -0.5, 0.49999997f, 1.5, 7, -7, 1e6, 1e-6f, -1e-6f],
            };
            bool exact = kind is not (UnaryKind.Exp or UnaryKind.Log or UnaryKind.Erf or >= UnaryKind.Sin);
            yield return Function(kind, $"{kind}", x, exact, -0.75, 1.25);
            if (exact)
            {
                // nanoFramework's quotients by 0 know no negative one.
                yield return Function(kind, $"{kind} at the edges", [NaN, Infinity, -Infinity, 0, kind == UnaryKind.Reciprocal ? 0 : -0.0, 1, -1], exact: true, -0.5, 0.5);
                yield return Function(kind, $"{kind} with the bounds turned", [-3, 0.25, 3], exact: true, 1, -1);
                yield return Function(kind, $"{kind} of what is infinite below", [NaN, Infinity, -Infinity, 5, -5], exact: true, 1, 0);
                yield return Function(kind, $"{kind} of what is infinite above", [NaN, Infinity, -Infinity, 5, -5], exact: true, 0, 1);
            }
            else
            {
                yield return Function(kind, $"{kind} of NaN", [NaN], exact: false, 0, 0);
            }
        }
    }

    private static OperatorRow Function(UnaryKind kind, string name, double[] x, bool exact, double alpha, double beta) =>
        new(Opcode.Unary, name, [Make.Reals([x.Length], x)], [Make.Output(TensorType.Float32, x.Length)], ("function", (int)kind), ("alpha", alpha), ("beta", beta))
        {
            Absolute = exact ? 0 : 2e-7,
            Relative = exact ? 1e-7 : 1e-6,
            NanoAbsolute = exact ? 0 : 2e-6,
            NanoRelative = exact ? 2e-7 : 1e-5,
        };

    private static IEnumerable<OperatorRow> Pairs()
    {
        double[] numbers = [0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 2.5, -7.25, 5];
        foreach (BinaryKind kind in Enum.GetValues<BinaryKind>())
        {
            double[] a = [.. numbers.SelectMany(x => numbers.Select(_ => x))];
            double[] b = [.. numbers.SelectMany(_ => numbers)];
            if (kind is BinaryKind.Mod or BinaryKind.Remainder)
            {
                b = [.. b.Select(x => x == 0 ? 4 : x)];
            }

            if (kind == BinaryKind.Pow)
            {
                a = [.. a.Select(x => x == 0 ? 0.25 : x)];
            }

            yield return Pair(kind, "of numbers", a, b);
            if (kind == BinaryKind.Pow)
            {
                // Whole powers that are too many for products, even and odd, and such as float32 holds as even numbers alone.
                yield return Pair(kind, "whole powers", [-1, -1, -1.0625f, -1.0625f, -2, -2, -2, -2, 0, 0, 2, -1, -1, 1, 4, -8], [65, 66, 65, 66, 3, 64, 65, -3, 2, 0, -2, 16777216, 16777218, 1e30f, 0.5, -65]);
            }

            double[] odd = [NaN, -0.0, 0, 1, Infinity, -Infinity];
            if (kind is not (BinaryKind.Pow or BinaryKind.Mod or BinaryKind.Remainder))
            {
                // nanoFramework's interpreter is not run here; what it makes of two infinities is not this table's.
                yield return Pair(kind, "at the edges", [.. odd.SelectMany(x => odd.Select(_ => x))], [.. odd.SelectMany(_ => odd)]);
            }

            int seed = 0;
            foreach ((int[] left, int[] right, int[] output) in broadcasts)
            {
                bool positive = kind == BinaryKind.Pow;
                Values x = positive ? Make.Smooth(++seed, 0.5, 2, left) : Make.Real(++seed, left);
                Values y = positive ? Make.Smooth(++seed, -2, 2, right) : kind is BinaryKind.Mod or BinaryKind.Remainder ? Make.Reals(right, Make.Draw(Reference.Grid.Count(right), seed, random => random.Next(2) == 0 ? 0.75 : -1.25)) : Make.Real(++seed, right);
                yield return new OperatorRow(Opcode.Binary, $"{kind} {Text(left)} {Text(right)}", [x, y], [Make.Output(TensorType.Float32, output)], ("function", (int)kind)) { NanoRelative = 1e-5 };
            }
        }
    }

    private static OperatorRow Pair(BinaryKind kind, string name, double[] a, double[] b) =>
        new(Opcode.Binary, $"{kind} {name}", [Make.Reals([a.Length], a), Make.Reals([b.Length], b)], [Make.Output(TensorType.Float32, a.Length)], ("function", (int)kind))
        {
            Absolute = 0,
            NanoAbsolute = 0,
            NanoRelative = 1e-5,
        };

    private static IEnumerable<OperatorRow> Arithmetic()
    {
        int seed = 0;
        foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Div })
        {
            foreach ((int[] left, int[] right, int[] output) in broadcasts.Concat(Make.Widths.Select(width => (new[] { 2, width }, new[] { 2, width }, new[] { 2, width }))).Concat(Make.Widths.Select(width => (new[] { 2, width }, new[] { width }, new[] { 2, width }))).Concat(Make.Widths.Select(width => (new[] { width }, new[] { 2, width }, new[] { 2, width }))).Concat(Make.Widths.Select(width => (new[] { 2, width }, new[] { 2, 1 }, new[] { 2, width }))))
            {
                yield return new OperatorRow(opcode, $"float32 {Text(left)} {Text(right)}", [Make.Real(++seed, left), Make.Real(++seed, right)], [Make.Output(TensorType.Float32, output)]) { Absolute = 0, NanoAbsolute = 0 };
                yield return new OperatorRow(opcode, $"float32 {Text(left)} {Text(right)} constant", [Make.Real(++seed, left), Make.Constant(Make.Real(++seed, right))], [Make.Output(TensorType.Float32, output)]) { Absolute = 0, NanoAbsolute = 0 };
            }
        }
    }

    private static IEnumerable<OperatorRow> QuantizedArithmetic()
    {
        int seed = 0;
        foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Sub, Opcode.Mul })
        {
            foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
            {
                int limit = type == TensorType.Int8 ? 128 : 32768;
                int usual = opcode == Opcode.Mul ? (type == TensorType.Int8 ? -6 : -14) : (type == TensorType.Int8 ? -19 : -14);
                foreach ((int[] left, int[] right, int[] output) in broadcasts)
                {
                    foreach (int shift in new[] { usual, usual - 1, usual + 3 })
                    {
                        seed++;
                        int zero = type == TensorType.Int16 ? 0 : (seed % 4) switch { 0 => -128, 1 => 127, 2 => 0, _ => 9 };
                        int other = type == TensorType.Int16 ? 0 : (seed % 3) switch { 0 => 127, 1 => -128, _ => -4 };
                        bool clamps = seed % 3 == 0;
                        var random = new Random(seed);
                        yield return new OperatorRow(
                            opcode,
                            $"{type} {Text(left)} {Text(right)} 2^{shift} zero points {zero} {other}",
                            [Make.Codes(type, seed, 0.5f, zero, left), Make.Codes(type, seed + 1, 0.25f, other, right)],
                            [Make.Output(type, 1f, type == TensorType.Int16 ? 0 : random.Next(-128, 128), output)],
                            ("multiplier_a", random.Next(1 << 30, int.MaxValue)),
                            ("shift_a", -random.Next(3)),
                            ("multiplier_b", random.Next(1 << 30, int.MaxValue)),
                            ("shift_b", -random.Next(1, 5)),
                            ("multiplier", random.Next(1 << 30, int.MaxValue)),
                            ("shift", shift),
                            ("min", clamps ? -limit / 4 : -limit),
                            ("max", clamps ? limit / 5 : limit - 1));
                    }
                }

                foreach ((int multiplier, int shift) in new[] { (int.MaxValue, 0), (int.MaxValue, -31), (1 << 30, 30), (1 << 30, 1), (1 << 30, -1), (1, -31), (0, 0), (int.MaxValue, 30), (1 << 30, -20), (1 << 30, -15) })
                {
                    foreach ((int a, int b) in new[] { (0, 0), (-31, 0), (0, -31), (-1, -20), (-20, -1) })
                    {
                        seed++;
                        yield return new OperatorRow(
                            opcode,
                            $"{type} by {multiplier} 2^{shift}, inputs 2^{a} 2^{b}",
                            [Make.Codes(type, seed, 0.5f, 0, 40), Make.Codes(type, seed + 1, 0.25f, 0, 40)],
                            [Make.Output(type, 1f, 0, 40)],
                            ("multiplier_a", 1 << 30),
                            ("shift_a", a),
                            ("multiplier_b", 3 << 29),
                            ("shift_b", b),
                            ("multiplier", multiplier),
                            ("shift", shift),
                            ("min", -limit),
                            ("max", limit - 1));
                    }
                }

                yield return new OperatorRow(opcode, $"{type} one value", [Make.Codes(type, 1, 0.5f, 0, 40), Make.Codes(type, 2, 0.25f, 0, 40)], [Make.Output(type, 1f, 0, 40)], ("multiplier_a", 1 << 30), ("multiplier_b", 1 << 30), ("multiplier", 1 << 30), ("min", 7), ("max", 7));
            }
        }
    }

    private static IEnumerable<OperatorRow> Where()
    {
        yield return new OperatorRow(Opcode.Where, "conditions", [Make.Reals([6], 0, 1, NaN, -0.0, 1e-30f, -1), Make.Real(1, 6), Make.Real(2, 6)], [Make.Output(TensorType.Float32, 6)]);
        int seed = 5;
        foreach ((int[] left, int[] right, int[] output) in broadcasts)
        {
            Values condition = Make.Reals(output, Make.Draw(Reference.Grid.Count(output), seed, random => random.Next(2)));
            Values one = Make.Reals(left, Make.Draw(Reference.Grid.Count(left), seed, random => random.Next(2)));
            Values a = Make.Real(++seed, left);
            Values b = Make.Real(++seed, right);
            Values c = Make.Real(++seed, output);
            yield return new OperatorRow(Opcode.Where, $"{Text(output)} {Text(left)} {Text(right)}", [condition, a, b], [Make.Output(TensorType.Float32, output)]);
            yield return new OperatorRow(Opcode.Where, $"{Text(left)} {Text(right)} {Text(output)}", [one, b, c], [Make.Output(TensorType.Float32, output)]);
            yield return new OperatorRow(Opcode.Where, $"{Text(left)} {Text(output)} {Text(right)}", [one, c, b], [Make.Output(TensorType.Float32, output)]);
        }
    }

    private static IEnumerable<OperatorRow> Tables()
    {
        double[] all8 = [.. Enumerable.Range(-128, 256)];
        foreach (TensorType to in new[] { TensorType.Int8, TensorType.Int16 })
        {
            int limit = to == TensorType.Int8 ? 128 : 32768;
            Values Entries(int count) => Make.Integers(to, Make.Draw(count, count, random => random.Next(-limit, limit)));
            yield return new OperatorRow(Opcode.Table, $"256 entries to {to}", [Make.Codes(TensorType.Int8, 0.5f, 3, [256], all8), Entries(256)], [Make.Output(to, 1f, 0, 256)]);
            foreach (int channels in new[] { 1, 2, 3, 16, 17 })
            {
                yield return new OperatorRow(Opcode.Table, $"a table for each of {channels} to {to}", [Make.Codes(TensorType.Int8, channels, 0.5f, 3, 5, channels), Entries(256 * channels)], [Make.Output(to, 1f, 0, 5, channels)]);
            }

            foreach (int width in Make.Widths)
            {
                yield return new OperatorRow(Opcode.Table, $"{width} codes to {to}", [Make.Codes(TensorType.Int8, width, 0.5f, 3, width), Entries(256)], [Make.Output(to, 1f, 0, width)]);
            }

            foreach (int segments in new[] { 1, 2, 7, 819, 4097 })
            {
                yield return new OperatorRow(Opcode.Table, $"{segments} segments to {to}", [Steps(segments), Segments(segments, limit)], [Make.Output(to, 1f, 0, Steps(segments).Shape)]);
            }
        }
    }

    // Every start, the input before it, both ends, and a sample of the rest.
    private static Values Steps(int segments)
    {
        double[] starts = Starts(segments);
        double[] data = [.. starts, .. starts.Skip(1).Select(start => start - 1), -32768, 32767, 0, -1, 1, .. Make.Draw(500, segments, random => random.Next(-32768, 32768))];
        return Make.Codes(TensorType.Int16, 0.5f, 0, [data.Length], data);
    }

    private static double[] Starts(int segments)
    {
        var random = new Random(segments);
        var starts = new SortedSet<int> { short.MinValue };
        while (starts.Count < segments)
        {
            starts.Add(random.Next(-32767, 32768));
        }

        return [.. starts.Select(start => (double)start)];
    }

    private static Values Segments(int count, int limit)
    {
        var random = new Random(count + 1);
        double[] starts = Starts(count);
        var data = new List<double>();
        for (int i = 0; i < count; i++)
        {
            double end = i + 1 < count ? starts[i + 1] : 32768;
            int length = (int)Math.Ceiling(Math.Log2(end - starts[i]));
            data.Add((32 * starts[i]) + length);

            // The four together stay within the output's range.
            int most = (limit << 15) / 4;
            data.AddRange([random.Next(-most, most), random.Next(-most, most), random.Next(-most, most), random.Next(-most, most)]);
        }

        return Make.Integers(TensorType.Int32, [.. data]);
    }

    private static IEnumerable<OperatorRow> Quantize()
    {
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            int limit = type == TensorType.Int8 ? 128 : 32768;
            double[] x = [0.25, -0.25, 0.75, -0.75, 0.24999999f, -0.24999999f, 1.25, -1.25, 0, 1e30f, -1e30f, Infinity, -Infinity, NaN, (limit - 1) / 2.0, ((limit - 1) / 2.0) + 0.25, -limit / 2.0, (-limit / 2.0) - 0.25, ((limit - 1) / 2.0) - 0.25, 2e6, -2e6];
            foreach (int zeroPoint in type == TensorType.Int8 ? [-128, 127, 0, 5] : new[] { -32768, 32767, 0, -7 })
            {
                yield return new OperatorRow(Opcode.Quantize, $"{type} ties and ends, zero point {zeroPoint}", [Make.Reals([x.Length], x)], [Make.Output(type, 0.5f, zeroPoint, x.Length)]);
                yield return new OperatorRow(Opcode.Quantize, $"{type} a few, zero point {zeroPoint}", [Make.Reals([x.Length, 1], x)], [Make.Output(type, 0.5f, zeroPoint, x.Length, 1)]);
            }

            foreach (int width in Make.Widths)
            {
                Values input = Make.Smooth(width, -20, 20, 3, width);
                Values offsets = Make.Constant(Make.Smooth(width + 1, -5, 5, width));
                Values scales = Make.Constant(Make.Smooth(width + 2, 0.05, 0.3, width));
                yield return new OperatorRow(Opcode.Quantize, $"{type} {width}", [input], [Make.Output(type, 0.1f, 3, 3, width)]);
                yield return new OperatorRow(Opcode.Quantize, $"{type} {width} offsets", [input, offsets], [Make.Output(type, 0.1f, 3, 3, width)]);
                yield return new OperatorRow(Opcode.Quantize, $"{type} {width} scales", [input, null, scales], [Make.Output(type, 0.1f, -3, 3, width)]);
                yield return new OperatorRow(Opcode.Quantize, $"{type} {width} both", [input, offsets, scales], [Make.Output(type, 0.1f, 0, 3, width)]);
            }
        }
    }

    private static IEnumerable<OperatorRow> Dequantize()
    {
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            int limit = type == TensorType.Int8 ? 128 : 32768;
            foreach (int zeroPoint in new[] { -limit, limit - 1, 0, 4 })
            {
                foreach (int width in new[] { 1, 16, 65 })
                {
                    yield return new OperatorRow(Opcode.Dequantize, $"{type} {width} zero point {zeroPoint}", [Make.Codes(type, width, 0.1f, zeroPoint, width)], [Make.Output(TensorType.Float32, width)]) { Relative = 0, Absolute = 0, NanoRelative = 0, NanoAbsolute = 0 };
                }
            }
        }
    }

    private static string Text(int[] shape) => "[" + string.Join(",", shape) + "]";
}
