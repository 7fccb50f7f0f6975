using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Reference.Rows;

/// <summary>MaxPool and AveragePool.</summary>
internal static class PoolRows
{
    internal static IEnumerable<OperatorRow> All()
    {
        int seed = 0;
        var windows = new List<Window>
        {
            new(2, 5, 5, 3, 2, 2, 2, 2, 1, 1, 0, 0, 0, 0, 2, 2, "plain"),
            new(1, 5, 5, 2, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 3, 3, "padding in the corners"),
            new(1, 5, 4, 2, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0, 3, 2, "an extra window of ceil mode"),
            new(1, 5, 5, 2, 2, 2, 4, 3, 1, 1, 1, 0, 1, 0, 2, 2, "strides beyond the window"),
            new(1, 7, 6, 3, 2, 3, 1, 1, 3, 2, 2, 1, 2, 1, 8, 4, "dilation"),
            new(1, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2, 2, 2, 3, 3, "windows wholly in padding"),
            new(1, 2, 2, 2, 2, 2, 3, 3, 1, 1, 0, 0, 0, 0, 2, 2, "a window behind x and its pads"),
            new(1, 3, 3, 2, 5, 5, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, "a window larger than x"),
            new(1, 3, 3, 2, 3, 3, 3, 3, 1, 1, 0, 0, 1, 2, 2, 2, "pads on one side"),
            new(2, 1, 9, 4, 1, 3, 1, 2, 1, 1, 0, 1, 0, 1, 1, 5, "one axis"),
            new(1, 4, 4, 3, 4, 4, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, "global"),
        };
        windows.AddRange(Make.Widths.Select(width => new Window(1, 3, 4, width, 2, 2, 1, 2, 1, 1, 1, 0, 0, 1, 3, 2, $"{width} channels")));
        windows.AddRange(new[] { 16, 65, 80, 144 }.Select(width => new Window(2, 6, 7, width, 3, 2, 2, 1, 2, 3, 2, 1, 1, 2, 3, 7, $"dilation of {width} channels")));
        foreach (Window w in windows)
        {
            foreach (Opcode opcode in new[] { Opcode.MaxPool, Opcode.AveragePool })
            {
                for (int include = 0; include < 2; include++)
                {
                    yield return Row($"float32 {w.Name} include {include}", opcode, w, Make.Real(++seed, w.Batch, w.H, w.W, w.Channels), include, 0, 0);
                    foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
                    {
                        int limit = type == TensorType.Int8 ? 128 : 32768;
                        foreach (int zeroPoint in new[] { -limit, limit - 1, 0, -5 })
                        {
                            yield return Row($"{type} {w.Name} include {include} zero point {zeroPoint}", opcode, w, Make.Codes(type, ++seed, 0.5f, zeroPoint, w.Batch, w.H, w.W, w.Channels), include, -limit, limit - 1);
                        }

                        yield return Row($"{type} {w.Name} include {include} clamped", opcode, w, Make.Codes(type, ++seed, 0.5f, 1, w.Batch, w.H, w.W, w.Channels), include, -limit / 4, limit / 5);
                    }
                }
            }
        }

        foreach (Opcode opcode in new[] { Opcode.MaxPool, Opcode.AveragePool })
        {
            foreach (TensorType type in new[] { TensorType.Int8, TensorType.Int16 })
            {
                int limit = type == TensorType.Int8 ? 128 : 32768;

                // Means of −1.5, −0.5, 0.5, 1.5, of thirds, and of the ends.
                double[] pairs = [-1, -2, -1, 0, 0, 1, 1, 2, 5, 6, -5, -6, limit - 1, limit - 1, -limit, -limit, -limit, 1 - limit, limit - 2, limit - 1];
                var pair = new Window(1, 1, pairs.Length, 1, 1, 2, 1, 2, 1, 1, 0, 0, 0, 0, 1, pairs.Length / 2, "halves");
                yield return Row($"{type} halves", opcode, pair, Make.Codes(type, 1f, 0, [1, 1, pairs.Length, 1], pairs), 0, -limit, limit - 1);
                yield return Row($"{type} one value", opcode, pair, Make.Codes(type, 1f, 0, [1, 1, pairs.Length, 1], pairs), 0, 3, 3);
                double[] triples = [0, 0, 1, 0, 1, 1, 0, 0, -1, 0, -1, -1, 7, 8, 9, -7, -8, -8];
                var triple = new Window(1, 1, triples.Length, 1, 1, 3, 1, 3, 1, 1, 0, 0, 0, 0, 1, triples.Length / 3, "thirds");
                yield return Row($"{type} thirds", opcode, triple, Make.Codes(type, 1f, 0, [1, 1, triples.Length, 1], triples), 0, -limit, limit - 1);
            }
        }

        yield return Row("float32 not a number", Opcode.AveragePool, new Window(1, 1, 4, 1, 1, 2, 1, 2, 1, 1, 0, 0, 0, 0, 1, 2, ""), Make.Reals([1, 1, 4, 1], double.NaN, 1, 2, double.PositiveInfinity), 0, 0, 0);
    }

    private static OperatorRow Row(string name, Opcode opcode, Window w, Values x, int include, int min, int max) => new(
        opcode,
        name,
        [x],
        [Make.Like(x, w.Batch, w.OutH, w.OutW, w.Channels)],
        ("kernel_h", w.KernelH),
        ("kernel_w", w.KernelW),
        ("stride_h", w.StrideH),
        ("stride_w", w.StrideW),
        ("dilation_h", w.DilationH),
        ("dilation_w", w.DilationW),
        ("pad_top", w.Top),
        ("pad_left", w.Left),
        ("pad_bottom", w.Bottom),
        ("pad_right", w.Right),
        ("count_include_pad", include),
        ("min", min),
        ("max", max));

    private sealed record Window(int Batch, int H, int W, int Channels, int KernelH, int KernelW, int StrideH, int StrideW, int DilationH, int DilationW, int Top, int Left, int Bottom, int Right, int OutH, int OutW, string Name);
}
