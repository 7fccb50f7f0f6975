using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>QuantizedLSTM and QuantizedRecurrent: widths around those of vectors, and all that may be left out left out in turn.</summary>
internal static class QuantizedStateRows
{
    internal static IEnumerable<OperatorRow> All()
    {
        int seed = 0;
        foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
        {
            foreach ((int steps, int batch, int features, int hidden) in new[] { (1, 1, 1, 1), (4, 1, 3, 2), (3, 2, 5, 4), (2, 3, 8, 8), (2, 1, 17, 9), (3, 1, 4, 17), (2, 2, 33, 33), (2, 1, 9, 64), (37, 1, 5, 32), (18, 3, 6, 24) })
            {
                for (int form = 0; form < 12; form++)
                {
                    seed++;
                    yield return Row(type, seed, form, steps, batch, features, hidden);
                }

                // Each kind of cell forward and backward, with usual and with any numbers.
                for (int form = 0; form < 16; form++)
                {
                    seed++;
                    yield return Cell(type, seed, form, steps, batch, features, hidden);
                }
            }
        }
    }

    private static OperatorRow Row(TensorType type, int seed, int form, int steps, int batch, int features, int hidden)
    {
        bool narrow = type == TensorType.Int8;
        int zeroX = narrow ? new[] { 0, -128, 127, 9 }[form % 4] : 0;
        int zeroState = narrow ? new[] { 0, -1, 127, -128, 21 }[form % 5] : 0;
        bool extreme = form % 4 == 3;
        int factors = (form % 3) switch { 0 => 1, 1 => 4, _ => 4 * hidden };
        Values State() => Make.Output(type, 0.0078f, zeroState, batch, hidden);
        var random = new Random(seed);
        return new OperatorRow(
            Opcode.QuantizedLSTM,
            $"{type} {steps}x{batch}x{features} to {hidden}, form {form}",
            [
                Make.Codes(type, seed, 0.03f, zeroX, steps, batch, features),
                Make.Bytes(seed + 1, 4 * hidden, features),
                Make.Bytes(seed + 2, 4 * hidden, hidden),
                form % 3 != 0 ? Bias(narrow, seed + 3, 4 * hidden) : null,
                form % 2 == 0 ? Make.Codes(type, seed + 4, 0.0078f, zeroState, batch, hidden) : null,
                form % 5 < 3 ? Make.Codes(TensorType.Int16, seed + 5, 1f / 2048, 0, batch, hidden) : null,
                .. Factors(random, factors, narrow, extreme, features),
                .. Factors(random, factors, narrow, extreme, hidden),
                Table(random, extreme),
            ],
            [Make.Output(type, 0.0078f, zeroState, steps, batch, hidden), State(), Make.Output(TensorType.Int16, 1f / 2048, 0, batch, hidden)],
            ("reverse", form / 3 % 2),
            ("cell_clip", (form % 6) switch { 1 => 1, 3 => 20000, 5 => 32767, _ => 0 }),
            ("cell_multiplier", extreme ? random.Next(1, 32768) : 3 << (form % 3)),
            ("cell_shift", extreme ? random.Next(32) : form % 2),
            ("forget_multiplier", extreme ? random.Next() : 1 << 30),
            ("forget_shift", extreme ? random.Next(-31, 31) : -14),
            ("input_multiplier", extreme ? random.Next() : 1 << 30),
            ("input_shift", extreme ? random.Next(-31, 31) : -18),
            ("output_multiplier", extreme ? random.Next() : random.Next(1 << 30, int.MaxValue)),
            ("output_shift", extreme ? random.Next(-31, 31) : narrow ? -22 : -14));
    }

    private static OperatorRow Cell(TensorType type, int seed, int form, int steps, int batch, int features, int hidden)
    {
        bool narrow = type == TensorType.Int8;
        int cell = form % 4;
        int rows = (cell < 2 ? 3 : 1) * hidden;
        int zeroX = narrow ? new[] { 0, -128, 127, 9 }[form / 4] : 0;
        int zeroState = narrow ? new[] { 0, -1, 127, -128, 21 }[form % 5] : 0;
        bool extreme = form / 4 == 3;
        int factors = form % 3 == 0 ? 1 : rows;
        var random = new Random(seed);
        return new OperatorRow(
            Opcode.QuantizedRecurrent,
            $"{type} cell {cell} {steps}x{batch}x{features} to {hidden}, form {form}",
            [
                Make.Codes(type, seed, 0.03f, zeroX, steps, batch, features),
                Make.Bytes(seed + 1, rows, features),
                Make.Bytes(seed + 2, rows, hidden),
                form % 3 != 0 ? Bias(narrow, seed + 3, rows) : null,
                form % 5 < 3 ? Make.Codes(type, seed + 4, 0.0078f, zeroState, batch, hidden) : null,
                form % 5 < 3 ? Make.Codes(TensorType.Int16, seed + 5, 1f / 32768, 0, batch, hidden) : null,
                .. Factors(random, factors, narrow, extreme, features),
                .. Factors(random, factors, narrow, extreme, hidden),
                Table(random, extreme),
                form / 4 % 2 == 1 ? Bias(narrow, seed + 6, rows) : null,
            ],
            [
                Make.Output(type, 0.0078f, zeroState, steps, batch, hidden), Make.Output(type, 0.0078f, zeroState, batch, hidden),
                Make.Output(TensorType.Int16, 1f / 32768, 0, batch, hidden),
            ],
            ("reverse", form / 8),
            ("cell", cell),
            ("output_multiplier", extreme ? random.Next() : random.Next(1 << 30, int.MaxValue)),
            ("output_shift", extreme ? random.Next(-31, 31) : narrow ? -22 : -14));
    }

    private static Values Bias(bool narrow, int seed, int count) => narrow
        ? Make.Integers(TensorType.Int32, Make.Draw(count, seed, random => random.Next(-20000, 20000)))
        : Make.Integers(TensorType.Int64, Make.Draw(count, seed, random => random.NextInt64(-40_000_000_000, 40_000_000_000)));

    // Products are near 2^12 · √depth in int8 and 2^20 · √depth in int16; gates end near 2^14.
    private static Values[] Factors(Random random, int count, bool narrow, bool extreme, int depth)
    {
        int usual = (narrow ? 2 : -6) - (int)(Math.Log2(depth) / 2);
        return
        [
            Make.Integers(TensorType.Int32, [.. Enumerable.Range(0, count).Select(_ => (double)(extreme ? random.Next() : random.Next(1 << 30, int.MaxValue)))]),
            Make.Integers(TensorType.Int8, [.. Enumerable.Range(0, count).Select(_ => (double)(extreme ? random.Next(-31, narrow ? 31 : 8) : usual))]),
        ];
    }

    // The sigmoid, or any numbers.
    private static Values Table(Random random, bool extreme) => Make.Integers(
        TensorType.Int16,
        [.. Enumerable.Range(0, 256).Select(i => (double)(short)(ushort)(extreme ? random.Next(65536) : Math.Min(65535, Math.Round(65536 / (1 + Math.Exp(-i / 24.0))))))]);
}
