using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Operators that add up, compare or normalise along axes.</summary>
internal static class SumRows
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    internal static IEnumerable<OperatorRow> All() => [.. Reduce(), .. QuantizedReduce(), .. ArgReduce(), .. CumSum(), .. MatMul(), .. Softmax(), .. QuantizedSoftmax(), .. Normalizations()];

    private static IEnumerable<(int[] Shape, int Axes, int[] Left)> Reductions()
    {
        foreach (int[] shape in new int[][] { [7], [3, 5], [2, 3, 4], [2, 3, 2, 5], [2, 1, 3, 2, 2, 3] })
        {
            for (int axes = 0; axes < 1 << shape.Length; axes += shape.Length > 4 ? 5 : 1)
            {
                int set = axes;
                yield return (shape, axes, [.. shape.Select((size, axis) => (set >> axis & 1) == 1 ? 1 : size)]);
            }
        }
    }

    private static IEnumerable<OperatorRow> Reduce()
    {
        foreach (ReduceKind kind in Enum.GetValues<ReduceKind>())
        {
            foreach ((int[] shape, int axes, int[] left) in Reductions())
            {
                Values x = kind switch
                {
                    ReduceKind.LogSum => Make.Smooth(axes, 0.25, 3, shape),
                    ReduceKind.Prod or ReduceKind.LogSumExp => Make.Smooth(axes, -1.5, 1.5, shape),
                    _ => Make.Real(axes, shape),
                };
                yield return new OperatorRow(Opcode.Reduce, $"{kind} of [{string.Join(",", shape)}] over {axes}", [x], [Make.Output(TensorType.Float32, left)], ("reduction", (int)kind), ("axes", axes)) { NanoRelative = 1e-5 };
            }

            // Axes that are gone leave no ones behind.
            yield return new OperatorRow(Opcode.Reduce, $"{kind} without ones", [Make.Smooth(4, 0.5, 1.5, 2, 3, 4)], [Make.Output(TensorType.Float32, 2, 4)], ("reduction", (int)kind), ("axes", 2)) { NanoRelative = 1e-5 };
        }

        yield return new OperatorRow(Opcode.Reduce, "LogSumExp of large numbers", [Make.Reals([2, 3], 1000, 999, 998, -1000, -1001, -1000.5)], [Make.Output(TensorType.Float32, 2, 1)], ("reduction", (int)ReduceKind.LogSumExp), ("axes", 2)) { NanoRelative = 1e-5 };
        yield return new OperatorRow(Opcode.Reduce, "LogSumExp of infinities", [Make.Reals([3, 2], -Infinity, -Infinity, Infinity, 1, -Infinity, 2)], [Make.Output(TensorType.Float32, 3)], ("reduction", (int)ReduceKind.LogSumExp), ("axes", 2)) { NanoRelative = 1e-5 };
        yield return new OperatorRow(Opcode.Reduce, "Sum beyond float32", [Make.Reals([2, 5], 16777216, 1, 1, 1, 1, 1, 16777216, 1, 1, -16777216)], [Make.Output(TensorType.Float32, 2)], ("reduction", (int)ReduceKind.Sum), ("axes", 2)) { Absolute = 0, NanoAbsolute = 0, Relative = 0, NanoRelative = 0 };
        foreach (ReduceKind kind in new[] { ReduceKind.Max, ReduceKind.Min, ReduceKind.Sum, ReduceKind.Mean })
        {
            yield return new OperatorRow(Opcode.Reduce, $"{kind} of infinities", [Make.Reals([3, 2], -Infinity, -3, Infinity, 1, -2, -7)], [Make.Output(TensorType.Float32, 3)], ("reduction", (int)kind), ("axes", 2));
            yield return new OperatorRow(Opcode.Reduce, $"{kind} of NaN", [Make.Reals([3, 2], 2, NaN, NaN, 1, NaN, NaN)], [Make.Output(TensorType.Float32, 3)], ("reduction", (int)kind), ("axes", 2));
        }
    }

    private static IEnumerable<OperatorRow> QuantizedReduce()
    {
        int seed = 0;
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            int limit = type == TensorType.Int8 ? 128 : 32768;
            foreach (ReduceKind kind in new[] { ReduceKind.Sum, ReduceKind.Mean, ReduceKind.Max, ReduceKind.Min })
            {
                foreach ((int[] shape, int axes, int[] left) in Reductions())
                {
                    bool sums = kind is ReduceKind.Sum or ReduceKind.Mean;
                    seed++;
                    int zeroPoint = (seed % 4) switch { 0 => -limit, 1 => limit - 1, 2 => 0, _ => -6 };
                    Values x = Make.Codes(type, seed, 0.5f, zeroPoint, shape);
                    double count = x.Elements / (double)Grid.Count(left);
                    var random = new Random(seed);
                    yield return new OperatorRow(
                        Opcode.Reduce,
                        $"{type} {kind} of [{string.Join(",", shape)}] over {axes}, zero point {zeroPoint}",
                        [x],
                        [sums ? Make.Output(type, 1f, random.Next(-limit, limit), left) : Make.Like(x, left)],
                        ("reduction", (int)kind),
                        ("axes", axes),
                        ("multiplier", sums ? random.Next(1 << 30, int.MaxValue) : 0),
                        ("shift", sums ? -(int)Math.Round(Math.Log2(count)) : 0));
                }
            }

            foreach ((int multiplier, int shift) in new[] { (int.MaxValue, 0), (int.MaxValue, -31), (1 << 30, 30), (1 << 30, 1), (1 << 30, -1), (1 << 30, 0), (0, 0), (1, 30) })
            {
                foreach (ReduceKind kind in new[] { ReduceKind.Sum, ReduceKind.Mean })
                {
                    yield return new OperatorRow(Opcode.Reduce, $"{type} {kind} by {multiplier} 2^{shift}", [Make.Codes(type, 77, 0.5f, 1, 9, 3)], [Make.Output(type, 1f, -2, 9, 1)], ("reduction", (int)kind), ("axes", 2), ("multiplier", multiplier), ("shift", shift));
                    yield return new OperatorRow(
                        Opcode.Reduce,
                        $"{type} {kind} of small sums by {multiplier} 2^{shift}",
                        [Make.Codes(type, 1f, 0, [8, 2], 1, 0, -1, 0, 1, 2, -1, -2, 3, 2, -3, -2, 2, 2, 127, 126)],
                        [Make.Output(type, 1f, 0, 8)],
                        ("reduction", (int)kind),
                        ("axes", 2),
                        ("multiplier", multiplier),
                        ("shift", shift));
                }
            }
        }
    }

    private static IEnumerable<OperatorRow> ArgReduce()
    {
        Values[] inputs =
        [
            Make.Reals([3, 4], 1, 3, 3, 2, -1, -1, -2, -2, 0, 0, 0, 0),
            Make.Reals([4, 3], 1, 3, 3, 2, 1, -1, 2, -2, 3, 0, 3, 3),
            Make.Reals([2, 3, 2], 5, 1, 5, 1, 5, 1, -5, 2, -4, 2, -5, 1),
            Make.Reals([2, 4], NaN, 1, 2, 3, 1, NaN, 9, -9),
            Make.Reals([2, 3], 1, NaN, NaN, NaN, 2, NaN),
            Make.Reals([2, 3], -Infinity, -Infinity, -Infinity, Infinity, Infinity, Infinity),
            Make.Reals([1, 3], 0, -0.0, 0),
            Make.Real(8, 2, 3, 2, 3, 2, 2),
            Make.Real(9, 2, 17),
        ];
        foreach (Values x in inputs)
        {
            for (int axis = 0; axis < x.Shape.Length; axis++)
            {
                for (int smallest = 0; smallest < 2; smallest++)
                {
                    for (int last = 0; last < 2; last++)
                    {
                        int gone = axis;
                        int[] output = [.. x.Shape.Where((_, i) => i != gone)];
                        yield return new OperatorRow(Opcode.ArgReduce, $"[{string.Join(",", x.Shape)}] axis {axis} smallest {smallest} last {last}", [x], [Make.Output(TensorType.Float32, output)], ("smallest", smallest), ("axis", axis), ("last", last));
                    }
                }
            }
        }
    }

    private static IEnumerable<OperatorRow> CumSum()
    {
        Values[] inputs =
        [
            Make.Real(1, 1),
            Make.Real(2, 2, 17),
            Make.Real(3, 2, 3, 4),
            Make.Real(4, 3, 1, 2, 2),
            Make.Real(5, 1, 1025),
            Make.Reals([4, 2], 1e8, 1, 1, NaN, -1e8, 2, 1, 3),
            Make.Reals([5], 1, Infinity, 2, -Infinity, 3),
        ];
        foreach (Values x in inputs)
        {
            for (int axis = 0; axis < x.Shape.Length; axis++)
            {
                for (int form = 0; form < 4; form++)
                {
                    yield return new OperatorRow(Opcode.CumSum, $"[{string.Join(",", x.Shape)}] axis {axis} form {form}", [x], [Make.Output(TensorType.Float32, x.Shape)], ("axis", axis), ("exclusive", form & 1), ("reverse", form >> 1));
                }
            }
        }
    }

    private static IEnumerable<OperatorRow> MatMul()
    {
        int seed = 0;
        foreach (int width in Make.Widths)
        {
            yield return Product(++seed, [3, 5], [5, width], [3, width]);
            yield return Product(++seed, [2, width], [width, 4], [2, 4]);
            yield return Product(++seed, [width, 2], [2, 3], [width, 3]);
        }

        yield return Product(++seed, [2, 3, 4], [4, 5], [2, 3, 5]);
        yield return Product(++seed, [3, 4], [2, 4, 5], [2, 3, 5]);
        yield return Product(++seed, [2, 1, 3, 4], [5, 4, 2], [2, 5, 3, 2]);
        yield return Product(++seed, [1, 3, 2, 4], [2, 1, 4, 3], [2, 3, 2, 3]);
        yield return Product(++seed, [2, 1, 2, 1, 2, 3], [1, 2, 1, 2, 3, 2], [2, 2, 2, 2, 2, 2]);
        yield return Product(++seed, [1, 1], [1, 1], [1, 1]);
        yield return new OperatorRow(Opcode.MatMul, "a constant first", [Make.Constant(Make.Real(3, 3, 4)), Make.Real(4, 4, 18)], [Make.Output(TensorType.Float32, 3, 18)]);
        yield return new OperatorRow(Opcode.MatMul, "a constant second", [Make.Real(3, 3, 4), Make.Constant(Make.Real(4, 4, 18))], [Make.Output(TensorType.Float32, 3, 18)]);
    }

    private static OperatorRow Product(int seed, int[] a, int[] b, int[] output) =>
        new(Opcode.MatMul, $"[{string.Join(",", a)}] [{string.Join(",", b)}]", [Make.Real(seed, a), Make.Real(seed + 50, b)], [Make.Output(TensorType.Float32, output)]) { Absolute = 0, NanoAbsolute = 0 };

    private static IEnumerable<OperatorRow> Softmax()
    {
        foreach (int width in Make.Widths)
        {
            Values x = Make.Smooth(width, -5, 5, 3, width);
            foreach (double beta in new[] { 1, 0.5, 2, -1 })
            {
                yield return new OperatorRow(Opcode.Softmax, $"{width} beta {beta}", [x], [Make.Output(TensorType.Float32, 3, width)], ("beta", beta)) { Absolute = 1e-9, NanoRelative = 1e-5 };
            }

            yield return new OperatorRow(Opcode.LogSoftmax, $"{width}", [x], [Make.Output(TensorType.Float32, 3, width)]) { NanoRelative = 1e-5 };
            yield return new OperatorRow(Opcode.LogSoftmax, $"{width} of which the last decides", [Make.Reals([1, width], [.. Make.Draw(width - 1, width, random => random.Next(-8, 1)), 12])], [Make.Output(TensorType.Float32, 1, width)]) { NanoRelative = 1e-5, NanoAbsolute = 1e-7 };
        }

        foreach (Opcode opcode in new[] { Opcode.Softmax, Opcode.LogSoftmax })
        {
            double[] edges = [1e30f, 1e30f, -1e30f, 5, -Infinity, 5, -1000, -1001, -1002, 80, 0, -80, 3, 3, 3, NaN, 1, 2];
            yield return new OperatorRow(opcode, "large numbers", [Make.Reals([edges.Length / 3, 3], edges)], [Make.Output(TensorType.Float32, edges.Length / 3, 3)], opcode == Opcode.Softmax ? [("beta", 1)] : []) { NanoRelative = 1e-5, Absolute = 1e-30, NanoAbsolute = 1e-6 };
        }
    }

    private static IEnumerable<OperatorRow> QuantizedSoftmax()
    {
        int seed = 0;
        foreach (TensorType to in new[] { TensorType.Int8, TensorType.Int16 })
        {
            int zero = to == TensorType.Int8 ? -128 : -32768;
            foreach (int depth in Make.Widths.Concat([256, 1000]))
            {
                foreach ((int multiplier, int shift, int lowest) in new[] { (1 << 30, 23, -248), (1717986918, 20, -1984), (int.MaxValue, 26, -15), (1 << 30, 31, 0), (0, 0, -32768), (1 << 30, 23, -3), (2_000_000_000, 24, -62), (int.MaxValue, 21, -255), (int.MaxValue, 21, -254), (int.MaxValue, 23, -255), (int.MaxValue, 23, -128) })
                {
                    yield return new OperatorRow(Opcode.Softmax, $"int8 {depth} to {to} by {multiplier} 2^{shift} from {lowest}", [Make.Codes(TensorType.Int8, ++seed, 0.125f, 0, 3, depth)], [Make.Output(to, to == TensorType.Int8 ? 1f / 256 : 1f / 65536, zero, 3, depth)], ("multiplier", multiplier), ("left_shift", shift), ("difference_min", lowest));
                }

                Values even = Make.Codes(TensorType.Int8, 0.125f, 0, [1, depth], [.. Enumerable.Repeat(7.0, depth)]);
                yield return new OperatorRow(Opcode.Softmax, $"int8 {depth} alike to {to}", [even], [Make.Output(to, 1f / 256, zero, 1, depth)], ("multiplier", 1 << 30), ("left_shift", 23), ("difference_min", -248));
            }
        }

        Values exponentials = Make.Integers(TensorType.Int16, [.. Enumerable.Range(0, 513).Select(i => Math.Max(0, Math.Min(32767, Math.Round(32768 * Math.Exp(-10 + (i * 10.0 / 512))))))]);
        Values reciprocals = Make.Integers(TensorType.Int16, [.. Enumerable.Range(0, 513).Select(i => Math.Min(32767, Math.Round(32768 / (1 + (i / 512.0)))))]);
        foreach (int depth in Make.Widths.Concat([256, 1000]))
        {
            foreach ((int multiplier, int shift) in new[] { (1 << 30, 1), (1 << 30, -2), (int.MaxValue, 0), (int.MaxValue, -4), (1717986918, -1), (1 << 30, -31), (0, 0), (1 << 30, 6) })
            {
                yield return new OperatorRow(Opcode.Softmax, $"int16 {depth} by {multiplier} 2^{shift}", [Make.Codes(TensorType.Int16, ++seed, 1f / 4096, 0, 3, depth), exponentials, reciprocals], [Make.Output(TensorType.Int16, 1f / 32768, 0, 3, depth)], ("multiplier", multiplier), ("left_shift", shift));
            }
        }
    }

    private static IEnumerable<OperatorRow> Normalizations()
    {
        foreach (int width in Make.Widths)
        {
            foreach (int center in new[] { 0, 1 })
            {
                Values x = Make.Smooth(width, -3, 5, 2, 3, width);
                Values scale = Make.Constant(Make.Real(width, width));
                Values bias = Make.Constant(Make.Real(width + 1, width));
                (string, double)[] parameters = [("axes", 1), ("center", center), ("epsilon", 1e-3f)];
                yield return new OperatorRow(Opcode.LayerNormalization, $"{width} center {center}", [x], [Make.Like(x, x.Shape)], parameters) { NanoRelative = 1e-5, NanoAbsolute = 1e-5 };
                yield return new OperatorRow(Opcode.LayerNormalization, $"{width} center {center} scale", [x, scale], [Make.Like(x, x.Shape)], parameters) { NanoRelative = 1e-5, NanoAbsolute = 1e-5 };
                yield return new OperatorRow(Opcode.LayerNormalization, $"{width} center {center} bias", [x, null, bias], [Make.Like(x, x.Shape)], parameters) { NanoRelative = 1e-5, NanoAbsolute = 1e-5 };
                yield return new OperatorRow(Opcode.LayerNormalization, $"{width} center {center} both", [x, scale, bias], [Make.Like(x, x.Shape)], parameters) { NanoRelative = 1e-5, NanoAbsolute = 1e-5 };
            }
        }

        for (int axes = 1; axes <= 3; axes++)
        {
            int depth = new[] { 4, 12, 24 }[axes - 1];
            Values x = Make.Smooth(axes, -1, 1, 2, 3, 4);
            yield return new OperatorRow(Opcode.LayerNormalization, $"{axes} axes", [x, Make.Constant(Make.Real(1, depth)), Make.Constant(Make.Real(2, depth))], [Make.Like(x, x.Shape)], ("axes", axes), ("center", 1), ("epsilon", 0.25)) { NanoRelative = 1e-5, NanoAbsolute = 1e-5 };
        }

        Values flat = Make.Reals([2, 3], 1, 1, 1, 0, 0, 0);
        yield return new OperatorRow(Opcode.LayerNormalization, "numbers alike", [flat], [Make.Like(flat, 2, 3)], ("axes", 1), ("center", 1), ("epsilon", 1e-5f));
        foreach (int size in new[] { 1, 2, 3, 4, 5, 8, 9, 100 })
        {
            Values x = Make.Smooth(size, -2, 2, 2, 2, 7);
            yield return new OperatorRow(Opcode.LRN, $"{size} channels", [x], [Make.Like(x, x.Shape)], ("size", size), ("alpha", 0.5), ("beta", 0.75), ("bias", 1.5)) { NanoRelative = 1e-5 };
            yield return new OperatorRow(Opcode.LRN, $"{size} channels squared", [x], [Make.Like(x, x.Shape)], ("size", size), ("alpha", 2), ("beta", 2), ("bias", 0.5)) { NanoRelative = 1e-5 };
        }
    }
}
