using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>Dense, Conv and ConvTranspose.</summary>
internal static class LayerRows
{
    private static readonly int[] zeroPoints = [-128, 127, 0, 5, -3];

    internal static IEnumerable<OperatorRow> All() => [.. Dense(), .. DenseActivations(), .. QuantizedDense(), .. DenseEdges(), .. Extremes(), .. Convolutions(), .. ConvolutionEdges(), .. ConvolutionActivations()];

    private static IEnumerable<OperatorRow> Dense()
    {
        int seed = 0;
        foreach (int units in Make.Widths)
        {
            foreach (int depth in new[] { 1, 3, 8, 17, 33, 64 })
            {
                int rows = 1 + (seed % 5);
                Values? bias = seed % 3 == 0 ? null : Make.Constant(Make.Real(seed + 1, units));
                seed++;
                yield return new OperatorRow(
                    Opcode.Dense,
                    $"float32 {rows}x{depth} to {units}",
                    [Make.Real(seed, rows, depth), Make.Constant(Make.Real(seed + 7, units, depth)), bias],
                    [Make.Output(TensorType.Float32, rows, units)])
                { Absolute = 0, NanoAbsolute = 0 };
            }
        }
    }

    private static IEnumerable<OperatorRow> DenseActivations()
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.PReLU))
        {
            foreach (int units in new[] { 1, 4, 17, 40 })
            {
                yield return new OperatorRow(
                    Opcode.Dense,
                    $"float32 {units} {kind}",
                    [Make.Real(units, 3, 6), Make.Constant(Make.Real(units + 1, units, 6)), Make.Constant(Make.Real(units + 2, units))],
                    [Make.Output(TensorType.Float32, 3, units)],
                    ("activation", (int)kind),
                    ("alpha", 0.75f),
                    ("beta", 0.5f))
                { NanoRelative = 1e-5, NanoAbsolute = 2e-6 };
            }

            // Deep layers of few units are summed another way.
            foreach (int units in new[] { 1, 4 })
            {
                yield return new OperatorRow(
                    Opcode.Dense,
                    $"float32 40 to {units} {kind}",
                    [Make.Smooth(units, -0.5, 0.5, 3, 40), Make.Constant(Make.Smooth(units + 1, -0.5, 0.5, units, 40)), null],
                    [Make.Output(TensorType.Float32, 3, units)],
                    ("activation", (int)kind),
                    ("alpha", 0.75f),
                    ("beta", 0.5f))
                { NanoRelative = 1e-5, NanoAbsolute = 2e-6 };
            }
        }
    }

    private static IEnumerable<OperatorRow> QuantizedDense()
    {
        int seed = 0;
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            foreach (int units in Make.Widths)
            {
                foreach (int depth in new[] { 1, 3, 4, 15, 32, 65 })
                {
                    seed++;
                    int rows = 1 + (seed % 4);
                    int zeroPoint = type == TensorType.Int8 ? zeroPoints[seed % zeroPoints.Length] : 0;
                    yield return Quantized($"{type} {rows}x{depth} to {units}", Opcode.Dense, seed, Make.Codes(type, seed, 0.25f, zeroPoint, rows, depth), [units, depth], [rows, units]);
                    if (type == TensorType.Int16)
                    {
                        yield return Quantized($"{type} {rows}x{depth} to {units}, weights of 16 bits", Opcode.Dense, seed, Make.Codes(type, seed, 0.25f, 0, rows, depth), [units, 2, depth], [rows, units]);
                    }
                }
            }
        }
    }

    /// <summary>A layer whose quantization changes with the seed: one multiplier or one a channel, with and without a bias, a table, a clamp; to int8 or int16.</summary>
    private static OperatorRow Quantized(string name, Opcode opcode, int seed, Values x, int[] weights, int[] output, params (string, double)[] window)
    {
        var random = new Random(seed);
        int units = weights[0];
        bool halves = opcode == Opcode.Dense && weights.Length == 3;
        int depth = Grid.Count(weights) / units / (halves ? 2 : 1);
        int channels = seed % 2 == 0 ? 1 : units;
        bool table = seed % 3 == 0;
        TensorType type = seed % 4 == 1 ? TensorType.Int16 : TensorType.Int8;
        bool wide = type == TensorType.Int16 && !table;
        int zeroPoint = wide ? 0 : zeroPoints[(seed / 2) % zeroPoints.Length];
        int limit = wide ? 32768 : 128;
        bool clamps = seed % 5 == 2;
        double size = (x.Type == TensorType.Int8 ? 74.0 * 74 : 19000.0 * 74) * (halves ? 256 : 1);
        int shift = (int)Math.Round(Math.Log2((wide ? 12000 : 60) / (size * Math.Sqrt(depth)))) + 1;
        Values multipliers = Make.Integers(TensorType.Int32, Make.Draw(channels, seed, r => r.Next(10) switch { 0 => int.MaxValue, 1 => 1 << 30, 2 => 0x7FFF0000, _ => r.Next(1 << 30, int.MaxValue) }));
        Values shifts = Make.Integers(TensorType.Int8, Make.Draw(channels, seed + 1, r => Math.Max(-31, Math.Min(7, shift + r.Next(-1, 2)))));
        Values bias = Make.Integers(x.Type == TensorType.Int8 ? TensorType.Int32 : TensorType.Int64, Make.Draw(units, seed + 2, r => r.Next(-3000, 3000)));
        return new OperatorRow(
            opcode,
            name + (wide ? " int16 out" : "") + (table ? " table" : "") + (clamps ? " clamp" : ""),
            [x, Make.Bytes(seed + 3, weights), seed % 7 == 0 ? null : bias, multipliers, shifts, table ? Table(seed, type) : null],
            [Make.Output(type, 0.5f, table ? random.Next(-9, 9) : zeroPoint, output)],
            [("zero_point", zeroPoint), ("min", clamps ? -limit / 3 : -limit), ("max", clamps ? limit / 4 : limit - 1), .. window]);
    }

    private static Values Table(int seed, TensorType type)
    {
        int limit = type == TensorType.Int8 ? 128 : 32768;
        return Make.Integers(type, Make.Draw(256, seed, random => random.Next(-limit, limit)));
    }

    private static IEnumerable<OperatorRow> DenseEdges()
    {
        foreach (int units in new[] { 1, 9, 16, 33 })
        {
            foreach ((double multiplier, double shift) in new (double, double)[] { (int.MaxValue, 0), (int.MaxValue, -31), (int.MaxValue, 30), (1 << 30, 1), (1 << 30, -1), (0, -7), (1, -31), (1, 30), (1 << 30, -2), (1 << 22, 0), (1 << 21, 1), (1 << 20, 2), (12345678, 0), (12345678, -1), (7654321, 3) })
            {
                foreach (double bias in new double[] { int.MinValue, int.MaxValue, 0 })
                {
                    yield return Edge($"int8 {units} bias {bias} by {multiplier} 2^{shift}", TensorType.Int8, units, multiplier, shift, bias, -128, 127);
                }
            }

            // A quarter of an odd sum: fractions of a half of both signs.
            yield return Edge($"int8 {units} halves", TensorType.Int8, units, 1 << 30, -2, 1, -128, 127);
            yield return Edge($"int8 {units} one value", TensorType.Int8, units, 1 << 30, -7, 1, 11, 11);
            yield return Edge($"int8 {units} lowest value", TensorType.Int8, units, 1 << 30, -7, 1, -128, -128);
            foreach ((double multiplier, double shift) in new (double, double)[] { (int.MaxValue, 0), (0x7FFEFFFF, -3), (0x7FFF0000, -3), (1 << 30, -1), (0x40007FFF, -5), (0x40008000, -5), (int.MaxValue, -31), (int.MaxValue, 7), (1 << 30, 7), (0x8000, 0), (0x7FFF, 7), (0, 0), (0x7FFF8000, -14), (0x7FFFFFFE, -14), (0x7FFF0000, -14), (0x7FFEFFFF, -14) })
            {
                foreach (double bias in new double[] { -(1L << 46), (1L << 46) - 1, -1, 0, 12345 })
                {
                    yield return Edge($"int16 {units} bias {bias} by {multiplier} 2^{shift}", TensorType.Int16, units, multiplier, shift, bias, -32768, 32767);
                }
            }
        }
    }

    private static OperatorRow Edge(string name, TensorType type, int units, double multiplier, double shift, double bias, int min, int max)
    {
        const int Depth = 5;
        int zeroPoint = type == TensorType.Int8 ? (min == max ? 11 : -7) : 0;
        Values weights = Make.Bytes(units + 1, units, Depth);
        double[] biases = type == TensorType.Int8 && bias is int.MinValue or int.MaxValue ? Farthest(weights, -128, bias > 0) : Make.Draw(units, 3, random => bias == 0 ? random.Next(-20, 20) : bias);
        return new OperatorRow(
            Opcode.Dense,
            name,
            [
                Make.Codes(type, units, 0.5f, type == TensorType.Int8 ? -128 : 0, 5, Depth),
                weights,
                Make.Integers(type == TensorType.Int8 ? TensorType.Int32 : TensorType.Int64, biases),
                Make.Integers(TensorType.Int32, multiplier),
                Make.Integers(TensorType.Int8, shift),
            ],
            [Make.Output(type, 1f, zeroPoint, 5, units)],
            ("min", min),
            ("max", max),
            ("zero_point", zeroPoint));
    }

    // The bias of each unit whose largest sum, or smallest, is the last that int32 holds.
    private static double[] Farthest(Values weights, int zeroPoint, bool isHighest)
    {
        int depth = weights.Elements / weights.Shape[0];
        (int low, int high) = (-128 - zeroPoint, 127 - zeroPoint);
        return [.. weights.Data.Chunk(depth).Select(row => isHighest
            ? int.MaxValue - row.Sum(weight => Math.Max(weight * low, weight * high))
            : int.MinValue - row.Sum(weight => Math.Min(weight * low, weight * high)))];
    }

    /// <summary>All products the largest there are, at the lengths up to which a lane, a half of a word or a block holds their sum.</summary>
    private static IEnumerable<OperatorRow> Extremes()
    {
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            double low = type == TensorType.Int8 ? -128 : -32768;
            double high = type == TensorType.Int8 ? 127 : 32767;
            int[] depths = type == TensorType.Int8 ? [8, 55, 56, 57, 63, 64, 65, 112, 113, 130] : [8, 63, 504, 505, 511, 513, 1023, 4063, 4065, 4100];
            foreach (int depth in depths)
            {
                foreach ((double first, double second) in new[] { (-128.0, -128.0), (-128, 127), (127, 127) })
                {
                    // Units of one sign, of both, and of nearly nothing: neighbours in a packed word must not touch each other.
                    double[] weights = [.. Enumerable.Repeat(first, depth), .. Enumerable.Repeat(second, depth), .. Enumerable.Range(0, depth).Select(i => i == depth - 1 ? -1.0 : 0), .. Enumerable.Repeat(-first - 1, depth)];
                    double[] x = [.. Enumerable.Repeat(low, depth), .. Enumerable.Repeat(high, depth), .. Enumerable.Range(0, depth).Select(i => i % 2 == 0 ? low : high)];
                    int shift = -(int)Math.Ceiling(Math.Log2(depth * 128.0 * (type == TensorType.Int8 ? 2 : 1 / 128.0)));
                    yield return new OperatorRow(
                        Opcode.Dense,
                        $"{type} {depth} of {first} and {second}",
                        [
                            Make.Codes(type, 0.5f, 0, [3, depth], x),
                            new Values(TensorType.Int8, [4, depth], weights, true),
                            Make.Integers(type == TensorType.Int8 ? TensorType.Int32 : TensorType.Int64, 1, -1, 0, 77),
                            Make.Integers(TensorType.Int32, int.MaxValue),
                            Make.Integers(TensorType.Int8, type == TensorType.Int8 ? shift : Math.Max(-31, shift - 7)),
                        ],
                        [Make.Output(type, 1f, 0, 3, 4)],
                        ("min", low),
                        ("max", high));
                }
            }
        }

        // Biases up to which products of sums fit 64 bits, and shifts at both ends of what is taken.
        foreach (double bias in new double[] { (1 << 30) - 1, 1 << 30, -(1 << 30) + 1, -(1 << 30), (1 << 30) - 65536, 1_048_576, -1_048_576 })
        {
            foreach (double shift in new double[] { -1, -31, -30, -23, 0 })
            {
                yield return Edge($"int8 7 bias {bias} 2^{shift}", TensorType.Int8, 7, int.MaxValue, shift, bias, -128, 127);
            }
        }

        // More weights than are packed for a single row.
        foreach (int rows in new[] { 1, 6 })
        {
            yield return new OperatorRow(Opcode.Dense, $"float32 {rows}x520 to 513", [Make.Real(1, rows, 520), Make.Constant(Make.Real(2, 513, 520)), Make.Constant(Make.Real(3, 513))], [Make.Output(TensorType.Float32, rows, 513)]) { Absolute = 0, NanoAbsolute = 0 };
        }
    }

    /// <summary>Multipliers, shifts, biases and clamps at their ends, in pointwise, deep, grouped and depthwise convolutions; wide rows of windows.</summary>
    private static IEnumerable<OperatorRow> ConvolutionEdges()
    {
        int seed = 0;
        foreach ((int channels, int units, int groups, int kernel) in new[] { (3, 16, 1, 1), (4, 8, 1, 2), (16, 16, 16, 2), (40, 40, 40, 3), (6, 32, 2, 2), (3, 5, 1, 2) })
        {
            foreach ((double multiplier, double shift, double bias) in new (double, double, double)[]
            {
                (int.MaxValue, 0, 5), (int.MaxValue, -31, 5), (1 << 30, 2, 5), (1 << 30, -1, 1), (1 << 30, -2, 1), (1 << 30, -3, -1), (0, -4, 9), (int.MaxValue, -9, int.MaxValue), (int.MaxValue, -9, int.MinValue), (int.MaxValue, 0, int.MaxValue), (int.MaxValue, 30, int.MaxValue), (1 << 30, 1, int.MinValue), (int.MaxValue, -24, int.MaxValue), (int.MaxValue, -23, -1.5e9), (1 << 30, -10, 1e6),
            })
            {
                foreach ((int zeroPoint, int min, int max) in new[] { (-128, -128, 127), (127, -128, 127), (3, 3, 127), (0, -5, -5) })
                {
                    seed++;
                    int inputZero = zeroPoints[seed % zeroPoints.Length];
                    Values weights = Make.Bytes(seed, units, kernel, kernel, channels / groups);
                    double[] biases = bias is int.MinValue or int.MaxValue ? Farthest(weights, inputZero, bias > 0) : Make.Draw(units, seed, random => bias + random.Next(-2, 3));
                    yield return new OperatorRow(
                        Opcode.Conv,
                        $"int8 {channels} to {units} in {groups}, kernel {kernel}, by {multiplier} 2^{shift}, bias {bias}, zero point {zeroPoint}, {min} to {max}",
                        [
                            Make.Codes(TensorType.Int8, seed, 0.5f, inputZero, 1, 3, 4, channels),
                            weights,
                            Make.Integers(TensorType.Int32, biases),
                            Make.Integers(TensorType.Int32, multiplier),
                            Make.Integers(TensorType.Int8, shift),
                        ],
                        [Make.Output(TensorType.Int8, 1f, zeroPoint, 1, 3, 4, units)],
                        ("zero_point", zeroPoint),
                        ("min", min),
                        ("max", max),
                        ("stride_h", 1),
                        ("stride_w", 1),
                        ("dilation_h", 1),
                        ("dilation_w", 1),
                        ("pad_top", kernel / 2),
                        ("pad_left", kernel / 2),
                        ("groups", groups));
                }
            }
        }

        foreach ((int width, int channels, int units, int groups) in new[] { (37, 5, 5, 5), (17, 33, 33, 33), (25, 4, 6, 2), (41, 3, 8, 1), (24, 16, 16, 16), (30, 2, 1, 1), (40, 1, 3, 1), (23, 8, 4, 4) })
        {
            foreach (int kernel in new[] { 2, 3 })
            {
                seed++;
                int[] output = [2, 4 - (kernel / 2), width - (kernel / 2) + 1, units];
                (string, double)[] window = [("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1), ("pad_top", kernel - 2), ("pad_left", 1), ("groups", groups)];
                int[] weights = [units, kernel, kernel, channels / groups];
                yield return Quantized($"int8 {width} wide, {channels} to {units} in {groups}, kernel {kernel}", Opcode.Conv, seed, Make.Codes(TensorType.Int8, seed, 0.25f, zeroPoints[seed % zeroPoints.Length], 2, 4, width, channels), weights, output, window);
                yield return new OperatorRow(
                    Opcode.Conv,
                    $"float32 {width} wide, {channels} to {units} in {groups}, kernel {kernel}",
                    [Make.Real(seed, 2, 4, width, channels), Make.Constant(Make.Real(seed + 1, weights)), Make.Constant(Make.Real(seed + 2, units))],
                    [Make.Output(TensorType.Float32, output)],
                    window)
                { Absolute = 0, NanoAbsolute = 0 };
            }
        }

        // Every number of pixels about the tiles that windows are worked on in.
        for (int pixels = 1; pixels <= 17; pixels++)
        {
            foreach (int units in new[] { 8, 20, 70 })
            {
                seed++;
                int[] weights = [units, 1, 2, 3];
                (string, double)[] window = [("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1), ("groups", 1)];
                yield return Quantized($"int8 {pixels} pixels to {units}", Opcode.Conv, seed, Make.Codes(TensorType.Int8, seed, 0.25f, 3, 1, 1, pixels + 1, 3), weights, [1, 1, pixels, units], window);
                yield return new OperatorRow(Opcode.Conv, $"float32 {pixels} pixels to {units}", [Make.Real(seed, 1, 1, pixels + 1, 3), Make.Constant(Make.Real(seed + 1, weights)), null], [Make.Output(TensorType.Float32, 1, 1, pixels, units)], window)
                { Absolute = 0, NanoAbsolute = 0 };
            }
        }

        // One pixel a window, and an output larger or smaller than x on one side.
        foreach ((int height, int width) in new[] { (3, 4), (3, 5), (3, 3), (4, 4), (2, 4) })
        {
            seed++;
            (string, double)[] window = [("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", 1), ("groups", 1)];
            yield return Quantized($"int8 pointwise to {height}x{width}", Opcode.Conv, seed, Make.Codes(TensorType.Int8, seed, 0.25f, 3, 2, 3, 4, 5), [6, 1, 1, 5], [2, height, width, 6], window);
            yield return new OperatorRow(Opcode.Conv, $"float32 pointwise to {height}x{width}", [Make.Real(seed, 2, 3, 4, 5), Make.Constant(Make.Real(seed + 1, 6, 1, 1, 5)), Make.Constant(Make.Real(seed + 2, 6))], [Make.Output(TensorType.Float32, 2, height, width, 6)], window)
            { Absolute = 0, NanoAbsolute = 0 };
        }

        // A constant image, which has no room behind it for whole vectors.
        foreach (int dilation in new[] { 1, 2 })
        {
            seed++;
            (string, double)[] window = [("stride_h", 1), ("stride_w", 1), ("dilation_h", 1), ("dilation_w", dilation), ("pad_top", 1), ("pad_left", 1), ("groups", 1)];
            Values image = Make.Constant(Make.Codes(TensorType.Int8, seed, 0.25f, 3, 1, 5, 6, 7));
            yield return Quantized($"int8 of a constant, dilation {dilation}", Opcode.Conv, seed, image, [9, 3, 3, 7], [1, 5, 8 - (2 * dilation), 9], window);
            yield return Quantized($"int8 of a constant row {dilation}", Opcode.Dense, seed, Make.Constant(Make.Codes(TensorType.Int8, seed, 0.25f, 3, 2, 37)), [9, 37], [2, 9]);
        }

        // Deep windows for few outputs, more of them than are worked on at a time; then one output alone, as deep.
        foreach ((int batch, int size, int units, int dilation) in new[] { (2, 6, 2, 1), (2, 6, 1, 2), (2, 3, 9, 1), (1, 3, 9, 1), (1, 5, 2, 2), (1, 4, 1, 1) })
        {
            int reach = (2 * dilation) + 1;
            yield return new OperatorRow(
                Opcode.Conv,
                $"float32 deep, {batch} of {size} to {units}, dilation {dilation}",
                [Make.Real(1, batch, size, size, 64), Make.Constant(Make.Real(2, units, 3, 3, 64)), null],
                [Make.Output(TensorType.Float32, batch, size == 3 ? 1 : size + 2 - reach + 1, size == 3 ? 1 : size + 2 - reach + 1, units)],
                ("stride_h", 1),
                ("stride_w", 1),
                ("dilation_h", dilation),
                ("dilation_w", dilation),
                ("pad_top", size == 3 ? 0 : 1),
                ("pad_left", size == 3 ? 0 : 1),
                ("groups", 1))
            { Absolute = 0, NanoAbsolute = 0 };
        }
    }

    private static IEnumerable<OperatorRow> Convolutions()
    {
        int seed = 100;
        var shapes = new List<Shape>();
        foreach (int width in Make.Widths)
        {
            shapes.Add(new(2, 4, 5, width, width, width, 3, 3, 1, 1, 1, 1, 1, 1));
            shapes.Add(new(1, 5, 4, 3, width, 1, 3, 2, 1, 2, 1, 1, 1, 0));
            shapes.Add(new(1, 3, 3, width, 5, 1, 1, 1, 1, 1, 1, 1, 0, 0));
            shapes.Add(new(1, 1, 9, 2, width, 1, 1, 3, 1, 1, 1, 2, 0, 2));
            shapes.Add(new(1, 6, 5, width, width, width, 2, 3, 2, 2, 1, 1, 0, 1));
            shapes.Add(new(1, 5, 5, width, 2 * width, width, 3, 2, 1, 1, 1, 1, 1, 0));
            shapes.Add(new(1, 6, 7, width, width, width, 3, 3, 2, 3, 1, 1, 1, 1));
            shapes.Add(new(1, 7, 6, width, width, width, 3, 2, 1, 1, 2, 3, 2, 1));
        }

        shapes.Add(new(2, 7, 7, 80, 80, 80, 3, 3, 1, 2, 2, 1, 2, 1));
        shapes.Add(new(1, 4, 4, 6, 4, 2, 2, 2, 1, 1, 1, 1, 0, 0));
        shapes.Add(new(2, 5, 6, 8, 12, 4, 3, 3, 2, 1, 2, 2, 2, 2));
        shapes.Add(new(1, 2, 2, 4, 4, 4, 5, 5, 1, 1, 1, 1, 2, 2));
        shapes.Add(new(1, 7, 7, 1, 1, 1, 1, 1, 4, 3, 1, 1, 0, 0));
        shapes.Add(new(1, 3, 3, 2, 3, 1, 2, 2, 3, 3, 1, 1, 3, 3));
        shapes.Add(new(1, 9, 9, 16, 16, 16, 3, 3, 1, 1, 3, 3, 3, 3));
        shapes.Add(new(1, 12, 12, 4, 8, 1, 5, 5, 1, 1, 1, 1, 2, 2));
        foreach (Shape s in shapes)
        {
            foreach (Opcode opcode in new[] { Opcode.Conv, Opcode.ConvTranspose })
            {
                seed++;
                int[] weights = [s.Units, s.KernelH, s.KernelW, s.Channels / s.Groups];
                int extra = seed % 2;
                int Size(int size, int kernel, int stride, int dilation, int pad)
                {
                    int reach = ((kernel - 1) * dilation) + 1;
                    return Math.Max(1, opcode == Opcode.Conv ? ((size + (2 * pad) + extra - reach) / stride) + 1 : ((size - 1) * stride) + reach - (2 * pad) + extra);
                }

                int[] output = [s.Batch, Size(s.H, s.KernelH, s.StrideH, s.DilationH, s.PadH), Size(s.W, s.KernelW, s.StrideW, s.DilationW, s.PadW), s.Units];
                (string, double)[] window = [("stride_h", s.StrideH), ("stride_w", s.StrideW), ("dilation_h", s.DilationH), ("dilation_w", s.DilationW), ("pad_top", s.PadH), ("pad_left", s.PadW), ("groups", s.Groups)];
                Values? bias = seed % 3 == 0 ? null : Make.Constant(Make.Real(seed + 1, s.Units));
                yield return new OperatorRow(
                    opcode,
                    $"float32 {s}",
                    [Make.Real(seed, s.Batch, s.H, s.W, s.Channels), Make.Constant(Make.Real(seed + 1, weights)), bias],
                    [Make.Output(TensorType.Float32, output)],
                    [("activation", (int)(seed % 4 == 0 ? ActivationKind.ReLU : ActivationKind.Linear)), .. window])
                { Absolute = 0, NanoAbsolute = 0 };
                yield return Quantized($"int8 {s}", opcode, seed, Make.Codes(TensorType.Int8, seed, 0.25f, zeroPoints[seed % zeroPoints.Length], s.Batch, s.H, s.W, s.Channels), weights, output, window);
                if (opcode == Opcode.Conv)
                {
                    yield return Quantized($"int16 {s}", opcode, seed, Make.Codes(TensorType.Int16, seed, 0.25f, 0, s.Batch, s.H, s.W, s.Channels), weights, output, window);
                }
            }
        }
    }

    private static IEnumerable<OperatorRow> ConvolutionActivations()
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.PReLU))
        {
            foreach ((Opcode opcode, int channels, int units, int groups, int kernel) in new[] { (Opcode.Conv, 3, 18, 1, 2), (Opcode.Conv, 18, 18, 18, 2), (Opcode.Conv, 5, 6, 1, 1), (Opcode.ConvTranspose, 3, 5, 1, 2) })
            {
                int size = kernel == 1 ? 3 : opcode == Opcode.Conv ? 2 : 4;
                yield return new OperatorRow(
                    opcode,
                    $"float32 {channels} to {units} in {groups} {kind}",
                    [Make.Real(9, 2, 3, 3, channels), Make.Constant(Make.Real(units, units, kernel, kernel, channels / groups)), Make.Constant(Make.Real(8, units))],
                    [Make.Output(TensorType.Float32, 2, size, size, units)],
                    ("activation", (int)kind),
                    ("alpha", 0.75f),
                    ("beta", 0.5f),
                    ("stride_h", 1),
                    ("stride_w", 1),
                    ("dilation_h", 1),
                    ("dilation_w", 1),
                    ("groups", groups))
                { NanoRelative = 1e-5, NanoAbsolute = 2e-6 };
            }
        }
    }

    private sealed record Shape(int Batch, int H, int W, int Channels, int Units, int Groups, int KernelH, int KernelW, int StrideH, int StrideW, int DilationH, int DilationW, int PadH, int PadW);
}
