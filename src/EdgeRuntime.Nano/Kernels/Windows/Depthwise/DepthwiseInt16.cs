// Written from Depthwise.template by KernelTemplateTests.
namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Conv in int16 with one channel in each group, one channel after the other: it is laid out as a plane with its padding, and
    /// nine weights at a time are held in locals while the window moves over it.
    /// </summary>
    internal sealed class DepthwiseInt16 : NanoKernel
    {
        private readonly short[] input;
        private readonly WindowGeometry geometry;
        private readonly DepthwiseTaps taps;
        private readonly short[] plane;
        private readonly long[] sums;
        private readonly int places;
        // Null where the file is in RAM.
        private readonly WeightChunks chunks;
        private readonly long[] bias;
        private readonly RequantizationInt64 requantization;

        // Those of the units that are there, as if they began with the first.
        private byte[] bytes;
        private int weights;

        internal DepthwiseInt16(BindContext context, WindowGeometry geometry)
        {
            taps = DepthwiseTaps.Of(context, geometry);
            this.geometry = taps.Geometry;
            input = context.InputInt16s(0);
            plane = new short[taps.PlaneElements];
            places = geometry.OutputHeight * geometry.OutputWidth;
            DenseShape shape = DenseShape.Of(context);
            chunks = context.ChunkBytes != 0 ? new WeightChunks(context, shape) : null;
            bytes = context.FileBytes;
            weights = shape.WeightsOffset;
            sums = context.Lanes(places);
            bias = RequantizationInt64.Bias(context, shape, shape.Units);
            requantization = new RequantizationInt64(context, shape);
        }

        internal override void Run()
        {
            int image = 0;
            int index = 0;
            int perChannel = geometry.UnitsPerGroup;
            for (int batch = 0; batch < geometry.Batch; batch++)
            {
                for (int unit = 0; unit < geometry.Units; unit++)
                {
                    if (unit % perChannel == 0)
                    {
                        LayOut(image + (unit / perChannel));
                    }

                    if (chunks != null && (unit == 0 || unit == chunks.End))
                    {
                        chunks.Read(unit);
                        bytes = chunks.Bytes;
                        weights = -(unit * taps.Count);
                    }

                    long start = bias[unit];
                    int tap = 0;
                    for (; tap + DepthwiseTaps.Group <= taps.Offsets.Length; tap += DepthwiseTaps.Group)
                    {
                        AddGroup(unit, tap, start);
                    }

                    for (; tap < taps.Offsets.Length; tap++)
                    {
                        AddOne(unit, tap, start);
                    }

                    requantization.StoreUnit(sums, places, unit, index + unit, geometry.Units);
                }

                image += geometry.Height * geometry.Width * geometry.Channels;
                index += places * geometry.Units;
            }

            if (chunks != null)
            {
                bytes = null;
                chunks.Release();
            }
        }

        private void LayOut(int from)
        {
            short[] x = input;
            short[] to = plane;
            int step = geometry.Channels;
            int width = geometry.Width;
            int row = taps.First;
            for (int y = 0; y < geometry.Height; y++)
            {
                int end = row + width;
                for (int i = row; i < end; i++)
                {
                    to[i] = x[from];
                    from += step;
                }

                row += geometry.ReachedWidth;
            }
        }

        private int Weight(int unit, int tap)
        {
            return (sbyte)bytes[weights + (unit * taps.Count) + tap];
        }

        private void AddGroup(int unit, int tap, long start)
        {
            short[] x = plane;
            long[] s = sums;
            int[] offsets = taps.Offsets;
            int d0 = offsets[tap + 0];
            int d1 = offsets[tap + 1];
            int d2 = offsets[tap + 2];
            int d3 = offsets[tap + 3];
            int d4 = offsets[tap + 4];
            int d5 = offsets[tap + 5];
            int d6 = offsets[tap + 6];
            int d7 = offsets[tap + 7];
            int d8 = offsets[tap + 8];
            int w0 = Weight(unit, tap);
            int w1 = Weight(unit, tap + 1);
            int w2 = Weight(unit, tap + 2);
            int w3 = Weight(unit, tap + 3);
            int w4 = Weight(unit, tap + 4);
            int w5 = Weight(unit, tap + 5);
            int w6 = Weight(unit, tap + 6);
            int w7 = Weight(unit, tap + 7);
            int w8 = Weight(unit, tap + 8);
            bool isFirst = tap == 0;
            int width = geometry.OutputWidth;
            int height = geometry.OutputHeight;
            int step = geometry.StrideWidth;
            int rowStep = geometry.StrideHeight * geometry.ReachedWidth;
            int row = 0;
            int n = 0;
            for (int y = 0; y < height; y++)
            {
                int p = row;
                for (int end = n + width; n < end; n++)
                {
                    s[n] = (isFirst ? start : s[n]) + (x[p + d0] * w0) + (x[p + d1] * w1) + (x[p + d2] * w2) + (x[p + d3] * w3) + (x[p + d4] * w4)
                        + (x[p + d5] * w5) + (x[p + d6] * w6) + (x[p + d7] * w7) + (x[p + d8] * w8);
                    p += step;
                }

                row += rowStep;
            }
        }

        private void AddOne(int unit, int tap, long start)
        {
            short[] x = plane;
            long[] s = sums;
            int weight = Weight(unit, tap);
            bool isFirst = tap == 0;
            int width = geometry.OutputWidth;
            int height = geometry.OutputHeight;
            int step = geometry.StrideWidth;
            int rowStep = geometry.StrideHeight * geometry.ReachedWidth;
            int row = taps.Offsets[tap];
            int n = 0;
            for (int y = 0; y < height; y++)
            {
                int p = row;
                for (int end = n + width; n < end; n++)
                {
                    s[n] = (isFirst ? start : s[n]) + (x[p] * weight);
                    p += step;
                }

                row += rowStep;
            }
        }
    }
}
