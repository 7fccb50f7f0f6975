namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>Keras's convolutions and poolings over one or two axes, in plain loops over [height, width, channels].</summary>
internal static class Windowed
{
    internal static Nd Conv(Settings s, Nd x, Nd[] w, int axes)
    {
        Nd image = Image(s, x, axes);
        Nd kernel = Square(w[0], axes);
        int groups = (int)s.Number("groups", 1);
        Axis[] windows = Axes(s, image, kernel.Shape, axes);
        int perGroup = kernel.Shape[2];
        int units = kernel.Shape[3];
        Nd y = Nd.Make([windows[0].Places, windows[1].Places, units], at =>
        {
            int group = at[2] / (units / groups);
            return Sum(image, kernel.Shape, windows, at, (r, c, i, j) => Enumerable.Range(0, perGroup).Sum(k => image[r, c, (group * perGroup) + k] * kernel[i, j, k, at[2]]))
                + (s.Flag("use_bias", true) ? w[1].Data[at[2]] : 0);
        });
        return Functions.Apply(s.Text("activation", "linear"), Unimage(s, y, axes), s.Version);
    }

    internal static Nd Depthwise(Settings s, Nd x, Nd[] w, int axes)
    {
        Nd y = DepthwiseSums(s, Image(s, x, axes), w[0], axes);
        Nd biased = Nd.Make(y.Shape, at => y[at] + (s.Flag("use_bias", true) ? w[1].Data[at[2]] : 0));
        return Functions.Apply(s.Text("activation", "linear"), Unimage(s, biased, axes), s.Version);
    }

    internal static Nd Separable(Settings s, Nd x, Nd[] w, int axes)
    {
        Nd middle = DepthwiseSums(s, Image(s, x, axes), w[0], axes);
        Nd points = Square(w[1], axes);
        Nd y = Nd.Make([middle.Shape[0], middle.Shape[1], points.Shape[3]], at =>
            Enumerable.Range(0, middle.Shape[2]).Sum(k => middle[at[0], at[1], k] * points[0, 0, k, at[2]]) + (s.Flag("use_bias", true) ? w[2].Data[at[2]] : 0));
        return Functions.Apply(s.Text("activation", "linear"), Unimage(s, y, axes), s.Version);
    }

    // Each element of x is spread by the kernel [places..., out, in].
    internal static Nd Transposed(Settings s, Nd x, Nd[] w, int axes)
    {
        Nd image = Image(s, x, axes);
        Nd kernel = Square(w[0], axes);
        int[] strides = Wide(s.Ints("strides", axes, 1));
        int[] dilations = Wide(s.Ints("dilation_rate", axes, 1));
        int[] before = new int[2];
        int[] places = [1, 1];
        for (int axis = 2 - axes; axis < 2; axis++)
        {
            int size = image.Shape[axis];
            int reach = ((kernel.Shape[axis] - 1) * dilations[axis]) + 1;
            bool same = s.Text("padding", "valid") == "same";
            int full = ((size - 1) * strides[axis]) + reach;
            if (s.Has("output_padding"))
            {
                places[axis] = full - (same ? 2 * (reach / 2) : 0) + Wide(s.Ints("output_padding", axes, 0), 0)[axis];
            }
            else
            {
                places[axis] = same ? size * strides[axis] : (size * strides[axis]) + Math.Max(reach - strides[axis], 0);
            }

            before[axis] = same ? Math.Max(full - places[axis], 0) / 2 : 0;
        }

        var y = new Nd(places[0], places[1], kernel.Shape[2]);
        for (int i = 0; i < image.Data.Length; i++)
        {
            int[] at = image.At(i);
            for (int j = 0; j < kernel.Data.Length; j++)
            {
                int[] k = kernel.At(j);
                int row = (at[0] * strides[0]) + (k[0] * dilations[0]) - before[0];
                int column = (at[1] * strides[1]) + (k[1] * dilations[1]) - before[1];
                if (k[3] == at[2] && row >= 0 && row < places[0] && column >= 0 && column < places[1])
                {
                    y[row, column, k[2]] += image.Data[i] * kernel.Data[j];
                }
            }
        }

        Nd biased = Nd.Make(y.Shape, at => y[at] + (s.Flag("use_bias", true) ? w[1].Data[at[2]] : 0));
        return Functions.Apply(s.Text("activation", "linear"), Unimage(s, biased, axes), s.Version);
    }

    // What lies outside the image counts neither for the largest nor for the mean.
    internal static Nd Pool(Settings s, Nd x, int axes, bool largest)
    {
        Nd image = Image(s, x, axes);
        int[] sizes = Wide(s.Ints("pool_size", axes, 2));
        Settings own = s.Has("strides") ? s : s.With("strides", new System.Text.Json.Nodes.JsonArray([.. sizes[(2 - axes)..].Select(size => (System.Text.Json.Nodes.JsonNode)size)]));
        Axis[] windows = Axes(own, image, sizes, axes);
        Nd y = Nd.Make([windows[0].Places, windows[1].Places, image.Shape[2]], at =>
        {
            double most = double.NegativeInfinity;
            int count = 0;
            double sum = Sum(image, sizes, windows, at, (r, c, _, _) =>
            {
                most = Math.Max(most, image[r, c, at[2]]);
                count++;
                return image[r, c, at[2]];
            });
            return largest ? most : sum / count;
        });
        return Unimage(s, y, axes);
    }

    internal static Nd Global(Settings s, Nd x, int axes, bool largest)
    {
        Nd image = Image(s, x, axes);
        int channels = image.Shape[2];
        Nd y = Nd.Make([1, 1, channels], at =>
        {
            IEnumerable<double> all = Enumerable.Range(0, image.Data.Length / channels).Select(i => image.Data[(i * channels) + at[2]]);
            return largest ? all.Max() : all.Average();
        });
        return s.Flag("keepdims", false) ? Unimage(s, y, axes) : y.Reshape(channels);
    }

    internal static bool First(Settings s) => s.Text("data_format", "channels_last") == "channels_first";

    private static Nd DepthwiseSums(Settings s, Nd image, Nd weights, int axes)
    {
        Nd kernel = Square(weights, axes);
        Axis[] windows = Axes(s, image, kernel.Shape, axes);
        int multiplier = kernel.Shape[3];
        return Nd.Make([windows[0].Places, windows[1].Places, kernel.Shape[2] * multiplier], at =>
            Sum(image, kernel.Shape, windows, at, (r, c, i, j) => image[r, c, at[2] / multiplier] * kernel[i, j, at[2] / multiplier, at[2] % multiplier]));
    }

    private static double Sum(Nd image, int[] kernel, Axis[] windows, int[] at, Func<int, int, int, int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < kernel[0]; i++)
        {
            int row = (at[0] * windows[0].Stride) + (i * windows[0].Dilation) - windows[0].Before;
            for (int j = 0; j < kernel[1]; j++)
            {
                int column = (at[1] * windows[1].Stride) + (j * windows[1].Dilation) - windows[1].Before;
                if (row >= 0 && row < image.Shape[0] && column >= 0 && column < image.Shape[1])
                {
                    sum += term(row, column, i, j);
                }
            }
        }

        return sum;
    }

    private static Axis[] Axes(Settings s, Nd image, int[] kernel, int axes)
    {
        int[] strides = Wide(s.Ints("strides", axes, 1));
        int[] dilations = Wide(s.Ints("dilation_rate", axes, 1));
        return [.. Enumerable.Range(0, 2).Select(axis =>
        {
            if (axis < 2 - axes)
            {
                return new Axis(1, 1, 0, 1);
            }

            int size = image.Shape[axis];
            int reach = ((kernel[axis] - 1) * dilations[axis]) + 1;
            int same = (size + strides[axis] - 1) / strides[axis];
            return s.Text("padding", "valid") switch
            {
                "same" => new Axis(strides[axis], dilations[axis], Math.Max(((same - 1) * strides[axis]) + reach - size, 0) / 2, same),
                "causal" => new Axis(strides[axis], dilations[axis], reach - 1, same),
                _ => new Axis(strides[axis], dilations[axis], 0, ((size - reach) / strides[axis]) + 1),
            };
        })];
    }

    private static int[] Wide(int[] sizes, int missing = 1) => sizes.Length == 2 ? sizes : [missing, sizes[0]];

    private static Nd Square(Nd kernel, int axes) => axes == 2 ? kernel : kernel.Reshape([1, .. kernel.Shape]);

    private static Nd Image(Settings s, Nd x, int axes)
    {
        Nd last = !First(s) ? x : axes == 2 ? x.Permute(1, 2, 0) : x.Permute(1, 0);
        return axes == 2 ? last : last.Reshape([1, .. last.Shape]);
    }

    private static Nd Unimage(Settings s, Nd y, int axes)
    {
        Nd last = axes == 2 ? y : y.Reshape(y.Shape[1..]);
        return !First(s) ? last : axes == 2 ? last.Permute(2, 0, 1) : last.Permute(1, 0);
    }

    private readonly record struct Axis(int Stride, int Dilation, int Before, int Places);
}
