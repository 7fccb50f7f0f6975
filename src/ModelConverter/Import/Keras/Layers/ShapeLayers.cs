using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Keras.Layers;

/// <summary>Layers that move elements.</summary>
internal static class ShapeLayers
{
    internal static readonly KerasLayerRow[] Rows =
    [
        new("Flatten", Flatten),
        new("Reshape", Reshape),
        new("Permute", Permute),
        new("RepeatVector", RepeatVector),
        new("ZeroPadding1D", layer => Pad(layer, 1)),
        new("ZeroPadding2D", layer => Pad(layer, 2)),
        new("Cropping1D", layer => Crop(layer, 1)),
        new("Cropping2D", layer => Crop(layer, 2)),
        new("UpSampling1D", layer => UpSample(layer, 1)),
        new("UpSampling2D", layer => UpSample(layer, 2)),
    ];

    private static Value Flatten(KerasLayer layer)
    {
        Value x = layer.ChannelsFirst ? layer.Builder.ChannelsLast(layer.Input) : layer.Input;
        return layer.Builder.Reshape(x, 1, x.Elements);
    }

    private static Value Reshape(KerasLayer layer)
    {
        int[] target = [.. layer.Config.GetProperty("target_shape").EnumerateArray().Select(size => size.GetInt32())];
        int open = Array.IndexOf(target, -1);
        if (open >= 0)
        {
            long rest = target.Where((_, i) => i != open).Aggregate(1L, (product, size) => checked(product * size));
            target[open] = rest > 0 ? (int)(layer.Input.Elements / rest) : 0;
        }

        if (Array.Exists(target, size => size < 1))
        {
            throw layer.Fault($"cannot turn {GraphBuilder.Text(layer.Input.Shape)} into {GraphBuilder.Text(target)}");
        }

        return layer.Builder.Reshape(layer.Input, [1, .. target]);
    }

    private static Value Permute(KerasLayer layer) =>
        layer.Builder.Transpose(layer.Input, [0, .. layer.Ints("dims", layer.Input.Shape.Length - 1, 0)]);

    private static Value RepeatVector(KerasLayer layer)
    {
        int depth = layer.Input.LastDimension;
        return layer.Builder.Expand(layer.Builder.Reshape(layer.Input, 1, 1, depth), 1, layer.Int("n", 1), depth);
    }

    private static Value Pad(KerasLayer layer, int axes)
    {
        (int[] before, int[] after, int first) = Borders(layer, "padding", axes, 1);
        int[] start = new int[layer.Input.Shape.Length];
        int[] end = new int[start.Length];
        before.CopyTo(start, first);
        after.CopyTo(end, first);
        return layer.Builder.Pad(layer.Input, start, end, PadMode.Constant);
    }

    private static Value Crop(KerasLayer layer, int axes)
    {
        (int[] before, int[] after, int first) = Borders(layer, "cropping", axes, axes == 1 ? 1 : 0);
        Value x = layer.Input;
        for (int i = 0; i < axes; i++)
        {
            int left = x.Shape[first + i] - before[i] - after[i];
            x = left > 0 ? layer.Builder.Slice(x, first + i, before[i], left) : throw layer.Fault($"removes all of axis {first + i} of {GraphBuilder.Text(x.Shape)}");
        }

        return x;
    }

    // n, [a, b] or [[a, b], [c, d]]: for one axis a pair is (before, after), for two it is one for each axis.
    private static (int[] Before, int[] After, int First) Borders(KerasLayer layer, string key, int axes, int missing)
    {
        float[] sizes = layer.Floats(key) ?? [missing];
        int[] all = Array.ConvertAll(sizes, size => (int)size);
        int[] pairs = (all.Length, axes) switch
        {
            (1, _) => [.. Enumerable.Repeat(all[0], 2 * axes)],
            (2, 1) => all,
            (2, 2) => [all[0], all[0], all[1], all[1]],
            (4, 2) => all,
            _ => throw layer.Fault($"has {all.Length} numbers for '{key}'"),
        };
        Require(layer, axes);
        return Array.TrueForAll(pairs, size => size is >= 0 and <= 1 << 24)
            ? ([.. pairs.Where((_, i) => i % 2 == 0)], [.. pairs.Where((_, i) => i % 2 == 1)], layer.ChannelsFirst ? 2 : 1)
            : throw layer.Fault($"has the {key} [{string.Join(", ", pairs)}]");
    }

    private static Value UpSample(KerasLayer layer, int axes)
    {
        string interpolation = layer.Text("interpolation");
        bool nearest = interpolation is "" or "nearest";
        if (!nearest && interpolation != "bilinear")
        {
            throw layer.Fault($"interpolates '{interpolation}'; 'nearest' and 'bilinear' are supported");
        }

        Require(layer, axes);
        int first = layer.ChannelsFirst ? 2 : 1;
        int[] sizes = layer.Ints(axes == 1 && layer.Config.TryGetProperty("size", out _) ? "size" : axes == 1 ? "length" : "size", axes, 2);
        Value x = layer.Input;
        for (int i = 0; i < axes; i++)
        {
            int times = sizes[i] is >= 1 and <= 1 << 16 ? sizes[i] : throw layer.Fault($"repeats elements {sizes[i]} times");
            if (x.Elements * (long)times > FormatLayout.MaxArenaBytes / sizeof(float))
            {
                throw layer.Fault($"repeats the elements of {GraphBuilder.Text(x.Shape)} {times} times, more than a tensor may have");
            }

            // Bilinear: the middles of the pixels lie upon each other.
            float[] places = [.. Enumerable.Range(0, x.Shape[first + i] * times).Select(place => nearest ? place / times : ((place + 0.5f) / times) - 0.5f)];
            x = times == 1 ? x : layer.Builder.Interpolate(x, first + i, places);
        }

        return x;
    }

    private static void Require(KerasLayer layer, int axes)
    {
        if (layer.Input.Shape.Length != axes + 2)
        {
            throw layer.Fault($"takes {axes + 2} dimensions but gets {GraphBuilder.Text(layer.Input.Shape)}");
        }
    }
}
