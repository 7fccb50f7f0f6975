using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Trees, with values at, below and above each threshold, and pairwise coupling.</summary>
internal static class ClassicalRows
{
    internal static IEnumerable<OperatorRow> All() => [.. Comparisons(), .. Coded(), .. Forests(), .. Forests().Select(WithCodes), .. Rounded(), .. Couplings()];

    private static IEnumerable<OperatorRow> Comparisons()
    {
        foreach (int missing in new[] { 0, 8 })
        {
            for (int mode = 0; mode <= 5; mode++)
            {
                // One for all splits, or one for each.
                foreach (bool each in new[] { false, true })
                {
                    double[] x = [1.5, 1.4999999f, 1.5000001f, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1.5];
                    yield return new OperatorRow(
                        Opcode.TreeEnsemble,
                        $"comparison {mode}, missing {missing}{(each ? ", of the split" : "")}",
                        [
                            Make.Reals([x.Length, 1], x),
                            Make.Integers(TensorType.Int8, 1),
                            Make.Integers(TensorType.Int8, 0),
                            new Values(TensorType.Int8, [1, 2], [-1, -2], true),
                            Make.Constant(Make.Reals([1], 1.5)),
                            Make.Constant(Make.Reals([2, 1], 10, -3)),
                            null,
                            each ? Make.Integers(TensorType.Int8, mode + missing) : null,
                        ],
                        [Make.Output(TensorType.Float32, x.Length, 1)],
                        ("comparison", each ? 0 : mode + missing));
                }
            }
        }
    }

    // Thresholds are multiples of 1/4: those of feature i as multiples of 2^-(2 + i mod 9).
    private static OperatorRow WithCodes(OperatorRow row)
    {
        int features = row.In(0).Last;
        double[] exponents = [.. Enumerable.Range(0, features).Select(feature => -2.0 - (feature % 9))];
        double[] codes = [.. row.In(4).Data.Select((threshold, split) => threshold / Math.Pow(2, exponents[Feature(split)]))];
        Values?[] inputs = [.. row.Inputs, Make.Integers(TensorType.Int8, exponents)];
        inputs[4] = Make.Integers(TensorType.Int16, codes);
        return new OperatorRow(row.Opcode, row.Name + ", int16 thresholds", inputs, row.Outputs, row.Parameters) { NanoRelative = row.NanoRelative };

        int Feature(int split)
        {
            int feature = (int)row.In(2).Data[split];
            return feature >= 0 ? feature : feature + (row.In(2).Type == TensorType.Int8 ? 256 : 65536);
        }
    }

    // Codes at the ends of their type and exponents at theirs, and one next to each threshold.
    private static IEnumerable<OperatorRow> Coded()
    {
        foreach (int exponent in new[] { -126, -60, -15, -1, 0, 1, 60, 112 })
        {
            foreach (int code in new[] { -32768, -32767, -1, 0, 1, 12345, 32767 })
            {
                float threshold = MathF.ScaleB(code, exponent);
                double[] x = [threshold, MathF.BitIncrement(threshold), MathF.BitDecrement(threshold), double.NaN, double.PositiveInfinity, double.NegativeInfinity];
                yield return new OperatorRow(
                    Opcode.TreeEnsemble,
                    $"code {code}, exponent {exponent}",
                    [
                        Make.Reals([x.Length, 2], [.. x.SelectMany(value => (double[])[0, value])]),
                        Make.Integers(TensorType.Int8, 1),
                        Make.Integers(TensorType.Int8, 1),
                        new Values(TensorType.Int8, [1, 2], [-1, -2], true),
                        Make.Integers(TensorType.Int16, code),
                        Make.Constant(Make.Reals([2, 1], 10, -3)),
                        null,
                        null,
                        Make.Integers(TensorType.Int8, 3, exponent),
                    ],
                    [Make.Output(TensorType.Float32, x.Length, 1)]);
            }
        }
    }

    private static IEnumerable<OperatorRow> Forests()
    {
        for (int aggregate = 0; aggregate < 4; aggregate++)
        {
            foreach ((int trees, int targets, int features) in new[] { (1, 1, 1), (5, 1, 3), (7, 3, 4), (4, 6, 2), (9, 2, 3), (70, 2, 300) })
            {
                foreach (int kind in new[] { 0, 1, 2 })
                {
                    foreach (bool own in new[] { false, true })
                    {
                        yield return Forest(trees, targets, features, aggregate, kind, own, plain: (trees + kind) % 2 == 0);
                    }
                }
            }
        }
    }

    private static OperatorRow Forest(int trees, int targets, int features, int aggregate, int kind, bool own, bool plain)
    {
        var random = new Random((aggregate * 10) + trees + kind);
        const int Splits = 3;
        int leaves = 5;
        int all = own ? leaves * trees : leaves;
        int width = kind == 0 ? targets : kind == 1 ? 2 : 1;
        var tests = new List<double>();
        var children = new List<double>();
        var counts = new List<double>();
        for (int tree = 0; tree < trees; tree++)
        {
            counts.AddRange(own ? [Splits, leaves] : [Splits]);
            for (int left = Splits - 1; left >= 0; left--)
            {
                tests.Add(random.Next(features));
                for (int side = 0; side < 2; side++)
                {
                    children.Add(left > 0 && random.Next(3) > 0 ? random.Next(left) : -1 - random.Next(leaves));
                }
            }
        }

        int splits = tests.Count;
        TensorType Type(int most) => most > 127 ? TensorType.Int16 : random.Next(4) switch { 0 => TensorType.Int16, 1 => TensorType.Int32, _ => TensorType.Int8 };
        double Weight(Random r) => aggregate >= 2 && r.Next(4) == 0 ? (aggregate == 2 ? double.PositiveInfinity : double.NegativeInfinity) : r.Next(-40, 41) / 8.0;
        const int Rows = 24;
        double[] x = Make.Draw(Rows * features, trees, r => r.Next(12) == 0 ? double.NaN : r.Next(-5, 6) / 4.0);

        // The last target is named by no leaf where there are several.
        double[] named = [.. Enumerable.Range(0, kind == 1 ? all * width : trees).Select(_ => (double)random.Next(Math.Max(1, targets - 1)))];
        return new OperatorRow(
            Opcode.TreeEnsemble,
            $"{trees} trees, {targets} targets, aggregate {aggregate}, targets {kind}, {(own ? "own" : "shared")} leaves, {(plain ? "one comparison" : "comparisons")}",
            [
                Make.Reals([Rows, features], x),
                new Values(Type(0), own ? [trees, 2] : [trees], [.. counts], true),
                Make.Integers(Type(features), [.. tests]),
                new Values(Type(0), [splits, 2], [.. children], true),
                Make.Constant(Make.Reals([splits], Make.Draw(splits, trees + 1, r => r.Next(-4, 5) / 4.0))),
                Make.Constant(Make.Reals([all, width], Make.Draw(all * width, trees + 2, Weight))),
                kind == 0 ? null : Make.Integers(Type(targets), named),
                plain ? null : Make.Integers(TensorType.Int8, Make.Draw(splits, trees + 3, r => r.Next(6) + (r.Next(2) * 8))),
            ],
            [Make.Output(TensorType.Float32, Rows, targets)],
            ("aggregate", aggregate),
            ("targets", kind))
        { NanoRelative = 1e-6 };
    }

    /// <summary>Leaves of which float32 keeps no sum: 2²⁴ and many ones, in turn for one row and for the other.</summary>
    private static IEnumerable<OperatorRow> Rounded()
    {
        const int Trees = 9;
        for (int aggregate = 0; aggregate < 2; aggregate++)
        {
            yield return new OperatorRow(
                Opcode.TreeEnsemble,
                $"sums beyond float32, aggregate {aggregate}",
                [
                    Make.Reals([4, 1], 0, 1, 0, 1),
                    new Values(TensorType.Int8, [Trees, 2], [.. Enumerable.Range(0, Trees).SelectMany(_ => (double[])[1, 2])], true),
                    Make.Integers(TensorType.Int8, new double[Trees]),
                    new Values(TensorType.Int8, [Trees, 2], [.. Enumerable.Range(0, Trees).SelectMany(_ => (double[])[-1, -2])], true),
                    Make.Constant(Make.Reals([Trees], [.. Enumerable.Repeat(0.5, Trees)])),
                    Make.Constant(Make.Reals([2 * Trees, 1], [.. Enumerable.Range(0, Trees).SelectMany(tree => (double[])[tree == 0 ? 16777216 : 1, tree == 8 ? 0.25 : 0.125])])),
                ],
                [Make.Output(TensorType.Float32, 4, 1)],
                ("aggregate", aggregate))
            { Absolute = 0, NanoAbsolute = 0, Relative = 1e-7, NanoRelative = 1e-7 };
        }
    }

    private static IEnumerable<OperatorRow> Couplings()
    {
        foreach (int classes in new[] { 2, 3, 4, 7, 20 })
        {
            int pairs = classes * (classes - 1) / 2;
            double[] certain = [.. Enumerable.Range(0, pairs).Select(i => i % 3 == 0 ? 1.0 : 0.0)];
            yield return new OperatorRow(Opcode.PairwiseCoupling, $"{classes} classes", [Make.Smooth(classes, 0.1, 0.9, 3, pairs)], [Make.Output(TensorType.Float32, 3, classes)]) { Relative = 1e-5, NanoRelative = 1e-4, NanoAbsolute = 2e-5 };
            if (classes == 2)
            {
                yield return new OperatorRow(Opcode.PairwiseCoupling, $"{classes} classes, certain", [Make.Reals([2, pairs], [.. certain, .. certain.Select(value => 1 - value)])], [Make.Output(TensorType.Float32, 2, classes)]) { Relative = 1e-5, NanoRelative = 1e-4, NanoAbsolute = 2e-5 };
            }
        }
    }
}
