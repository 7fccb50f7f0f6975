namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <content>Layers that move elements, and those with windows.</content>
internal static partial class KerasCases
{
    private static IEnumerable<KerasCase> Shapes()
    {
        foreach (string format in new[] { "channels_last", "channels_first" })
        {
            yield return new("Flatten", $$"""{"data_format": "{{format}}"}""", [[2, 3, 4]], None, (s, x, _) => [Windowed.First(s) ? x[0].Permute(1, 2, 0).Reshape(24) : x[0].Reshape(24)]);
            yield return new("Flatten", $$"""{"data_format": "{{format}}"}""", [[3, 4]], None, (s, x, _) => [Windowed.First(s) ? x[0].Permute(1, 0).Reshape(12) : x[0].Reshape(12)]);
            foreach (string padding in new[] { "2", "[2, 1]", "[[2, 1], [0, 3]]" })
            {
                yield return new("ZeroPadding2D", $$"""{"padding": {{padding}}, "data_format": "{{format}}"}""", [[4, 3, 5]], None, (s, x, _) => [Borders(s, x[0], "padding", 1, (value, b) => Padded(value, b))]);
                yield return new("Cropping2D", $$"""{"cropping": {{padding.Replace("3", "1", StringComparison.Ordinal)}}, "data_format": "{{format}}"}""", [[6, 5, 7]], None, (s, x, _) => [Borders(s, x[0], "cropping", 0, Cropped)]);
            }

            foreach (string interpolation in new[] { "nearest", "bilinear" })
            {
                foreach (string size in new[] { "3", "[2, 3]", "[1, 2]" })
                {
                    yield return new("UpSampling2D", $$"""{"size": {{size}}, "data_format": "{{format}}", "interpolation": "{{interpolation}}"}""", [[3, 2, 4]], None, (s, x, _) =>
                    {
                        int[] times = s.Ints("size", 2, 2);
                        bool first = Windowed.First(s);
                        Nd image = first ? x[0].Permute(1, 2, 0) : x[0];
                        image = Stretch(Stretch(image, 0, times[0], s), 1, times[1], s);
                        return [first ? image.Permute(2, 0, 1) : image];
                    });
                }
            }
        }

        foreach (string target in new[] { "[4, 6]", "[-1, 6]", "[2, -1, 3]", "[-1]", "[24]" })
        {
            yield return new("Reshape", $$"""{"target_shape": {{target}}}""", [[2, 3, 4]], None, (s, x, _) =>
            {
                int[] shape = s.Ints("target_shape", 0, 0);
                int known = shape.Where(size => size > 0).Aggregate(1, (a, b) => a * b);
                return [x[0].Reshape([.. shape.Select(size => size < 0 ? 24 / known : size)])];
            }, ["target_shape"]);
        }

        yield return new("Permute", """{"dims": [2, 3, 1]}""", [[2, 3, 4]], None, (_, x, _) => [x[0].Permute(1, 2, 0)], ["dims"]);
        yield return new("Permute", """{"dims": [2, 1]}""", [[3, 4]], None, (_, x, _) => [x[0].Permute(1, 0)], ["dims"]);
        yield return new("RepeatVector", """{"n": 3}""", [[4]], None, (_, x, _) => [Nd.Make([3, 4], at => x[0].Data[at[1]])], ["n"]);
        foreach (string padding in new[] { "2", "[2, 1]", "[0, 3]" })
        {
            yield return new("ZeroPadding1D", $$"""{"padding": {{padding}}}""", [[4, 3]], None, (s, x, _) => [Line(s, x[0], "padding", Padded)]);
            yield return new("Cropping1D", $$"""{"cropping": {{padding}}}""", [[7, 3]], None, (s, x, _) => [Line(s, x[0], "cropping", Cropped)]);
        }

        yield return new("UpSampling1D", """{"size": 3}""", [[4, 3]], None, (s, x, _) => [Nd.Make([4 * s.Ints("size", 1, 2)[0], 3], at => x[0][at[0] / s.Ints("size", 1, 2)[0], at[1]])]);
        yield return new("UpSampling1D", """{"length": 3}""", [[4, 3]], None, (s, x, _) => [Nd.Make([4 * s.Ints("length", 1, 2)[0], 3], at => x[0][at[0] / s.Ints("length", 1, 2)[0], at[1]])]);
    }

    private static IEnumerable<KerasCase> Convolutions()
    {
        foreach (string format in new[] { "channels_last", "channels_first" })
        {
            foreach (string padding in new[] { "valid", "same" })
            {
                foreach ((string kernel, string strides, string dilation) in new[] { ("[3, 2]", "[2, 1]", "1"), ("2", "2", "[1, 1]"), ("[2, 3]", "1", "[2, 1]"), ("[4, 3]", "[3, 2]", "1"), ("[1, 3]", "[1, 1]", "[1, 2]"), ("[2, 1]", "[3, 3]", "1") })
                {
                    // Kernels of more than one size are for one axis only in one dimension.
                    int[] Size(int axes) => Pair(kernel)[..axes];
                    string Settings(int axes, string more) => $$"""{"kernel_size": {{List(Size(axes))}}, "strides": {{List(Pair(strides)[..axes])}}, "padding": "{{padding}}", "data_format": "{{format}}", "dilation_rate": {{List(Pair(dilation)[..axes])}}, "activation": "tanh", "use_bias": false{{more}}}""";
                    foreach (int axes in new[] { 1, 2 })
                    {
                        int[] shape = format == "channels_first" ? [4, .. new[] { 7, 9 }[..axes]] : [.. new[] { 7, 9 }[..axes], 4];

                        // Without the format the same sizes are places and channels in another order.
                        int[] fixedFormat = [.. Size(axes)];
                        string name = axes == 1 ? "1D" : "2D";
                        Weight[] Bias(Settings s, int count) => s.Flag("use_bias", true) ? [new Weight("", [count])] : [];
                        int Channels(Settings s) => Windowed.First(s) ? shape[0] : shape[^1];
                        yield return new("Conv" + name, Settings(axes, ", \"filters\": 3"), [shape], s => [new("", [.. fixedFormat, Channels(s), 3]), .. Bias(s, 3)], (s, x, w) => [Windowed.Conv(s, x[0], w, axes)]);
                        yield return new("DepthwiseConv" + name, Settings(axes, ", \"depth_multiplier\": 2"), [shape], s => [new("", [.. fixedFormat, Channels(s), 2]), .. Bias(s, 2 * Channels(s))], (s, x, w) => [Windowed.Depthwise(s, x[0], w, axes)], ["depth_multiplier"]);
                        yield return new("SeparableConv" + name, Settings(axes, ", \"filters\": 3, \"depth_multiplier\": 2"), [shape],
                            s => [new("", [.. fixedFormat, Channels(s), 2]), new("", [.. Enumerable.Repeat(1, axes), 2 * Channels(s), 3]), .. Bias(s, 3)], (s, x, w) => [Windowed.Separable(s, x[0], w, axes)], ["depth_multiplier"]);
                        yield return new($"Conv{name}Transpose", Settings(axes, ", \"filters\": 3"), [shape], s => [new("", [.. fixedFormat, 3, Channels(s)]), .. Bias(s, 3)], (s, x, w) => [Windowed.Transposed(s, x[0], w, axes)]);
                        if (Pair(strides)[..axes].All(stride => stride > 1))
                        {
                            yield return new($"Conv{name}Transpose", Settings(axes, $", \"filters\": 3, \"output_padding\": {List([.. Enumerable.Repeat(1, axes)])}"), [shape], s => [new("", [.. fixedFormat, 3, Channels(s)]), .. Bias(s, 3)], (s, x, w) => [Windowed.Transposed(s, x[0], w, axes)], ["strides"]);
                        }
                    }
                }
            }
        }

        yield return new("Conv2D", """{"filters": 6, "kernel_size": [2, 2], "groups": 2, "use_bias": true}""", [[4, 5, 4]], s => [new("", [2, 2, 2, 6]), new("", [6])], (s, x, w) => [Windowed.Conv(s, x[0], w, 2)], ["groups"]);
        yield return new("Conv1D", """{"filters": 6, "kernel_size": 2, "groups": 2, "activation": "softmax"}""", [[5, 4]], s => [new("", [2, 2, 6]), new("", [6])], (s, x, w) => [Windowed.Conv(s, x[0], w, 1)], ["groups"]);
        yield return new("Conv1D", """{"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}""", [[7, 2]], s => [new("", [3, 2, 3]), new("", [3])], (s, x, w) => [Windowed.Conv(s, x[0], w, 1)]);
        yield return new("Conv1D", """{"filters": 3, "kernel_size": 2, "padding": "causal", "strides": 2}""", [[7, 2]], s => [new("", [2, 2, 3]), new("", [3])], (s, x, w) => [Windowed.Conv(s, x[0], w, 1)]);
        yield return new("DepthwiseConv2D", """{"kernel_size": [2, 2], "depth_multiplier": 1}""", [[4, 5, 3]], s => [new("", [2, 2, 3, 1]), new("", [3])], (s, x, w) => [Windowed.Depthwise(s, x[0], w, 2)]);
    }

    private static IEnumerable<KerasCase> Pools()
    {
        foreach (string format in new[] { "channels_last", "channels_first" })
        {
            foreach ((string kind, bool largest) in new[] { ("Max", true), ("Average", false) })
            {
                foreach (int axes in new[] { 1, 2 })
                {
                    int[] shape = format == "channels_first" ? [4, .. new[] { 7, 9 }[..axes]] : [.. new[] { 7, 9 }[..axes], 4];
                    foreach (string padding in new[] { "valid", "same" })
                    {
                        foreach ((string size, string strides) in new[] { ("[3, 2]", "[2, 1]"), ("[2, 4]", "[3, 3]"), ("3", "null"), ("[3, 4]", "null"), ("4", "1") })
                        {
                            yield return new($"{kind}Pooling{axes}D", $$"""{"pool_size": {{List(Pair(size)[..axes])}}, "strides": {{(strides == "null" ? strides : List(Pair(strides)[..axes]))}}, "padding": "{{padding}}", "data_format": "{{format}}"}""", [shape], None,
                                (s, x, _) => [Windowed.Pool(s, x[0], axes, largest)]);
                        }
                    }

                    foreach (string keep in new[] { "true", "false" })
                    {
                        yield return new($"Global{kind}Pooling{axes}D", $$"""{"keepdims": {{keep}}, "data_format": "{{format}}"}""", [shape], None, (s, x, _) => [Windowed.Global(s, x[0], axes, largest)]);
                    }
                }
            }
        }
    }

    private static int[] Pair(string text) => text[0] == '[' ? [.. text.Trim('[', ']').Split(',').Select(int.Parse)] : [int.Parse(text), int.Parse(text)];

    private static string List(int[] sizes) => sizes.Distinct().Count() == 1 ? $"{sizes[0]}" : $"[{string.Join(", ", sizes)}]";

    // n, [rows, columns] or [[top, bottom], [left, right]].
    private static Nd Borders(Settings s, Nd x, string key, int missing, Func<Nd, int[][], Nd> change)
    {
        int[][] sides = s.Node(key) switch
        {
            null => [[missing, missing], [missing, missing]],
            System.Text.Json.Nodes.JsonArray list => [.. list.Select(item => item is System.Text.Json.Nodes.JsonArray pair ? pair.Select(side => side!.GetValue<int>()).ToArray() : [item!.GetValue<int>(), item.GetValue<int>()])],
            System.Text.Json.Nodes.JsonNode one => [[one.GetValue<int>(), one.GetValue<int>()], [one.GetValue<int>(), one.GetValue<int>()]],
        };
        return change(x, Windowed.First(s) ? [[0, 0], .. sides] : [.. sides, [0, 0]]);
    }

    private static Nd Line(Settings s, Nd x, string key, Func<Nd, int[][], Nd> change) => change(x, [s.Ints(key, 2, 1), [0, 0]]);

    private static Nd Padded(Nd x, int[][] sides) => Nd.Make([.. x.Shape.Select((size, axis) => size + sides[axis].Sum())], at =>
    {
        int[] from = [.. at.Select((i, axis) => i - sides[axis][0])];
        return from.Zip(x.Shape).All(pair => pair.First >= 0 && pair.First < pair.Second) ? x[from] : 0;
    });

    private static Nd Cropped(Nd x, int[][] sides) => Nd.Make([.. x.Shape.Select((size, axis) => size - sides[axis].Sum())], at => x[[.. at.Select((i, axis) => i + sides[axis][0])]]);

    // Bilinear: the middle of a pixel is half a pixel from its edge, and beyond the outermost middles their values stay.
    private static Nd Stretch(Nd x, int axis, int times, Settings s) => Nd.Make([.. x.Shape.Select((size, i) => i == axis ? size * times : size)], at =>
    {
        double At(int place) => x[[.. at.Select((i, a) => a == axis ? Math.Clamp(place, 0, x.Shape[axis] - 1) : i)]];
        if (s.Text("interpolation", "nearest") == "nearest")
        {
            return At(at[axis] / times);
        }

        double place = ((at[axis] + 0.5) / times) - 0.5;
        int below = (int)Math.Floor(place);
        return (At(below) * (1 - (place - below))) + (At(below + 1) * (place - below));
    });
}
