// Written from Depthwise.template by KernelTemplateTests.
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Conv in float32 with one channel in each group, one channel after the other: it is laid out as a plane with its padding, and
    /// nine weights at a time are held in locals while the window moves over it.
    /// </summary>
    internal sealed class DepthwiseFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly WindowGeometry geometry;
        private readonly DepthwiseTaps taps;
        private readonly float[] plane;
        private readonly float[] sums;
        private readonly int places;
        private readonly float[] weights;
        private readonly float[] bias;
        private readonly float[] output;
        private readonly int elements;
        private readonly Activation activation;

        internal DepthwiseFloat32(BindContext context, WindowGeometry geometry)
        {
            taps = DepthwiseTaps.Of(context, geometry);
            this.geometry = taps.Geometry;
            input = context.InputFloats(0);
            plane = new float[taps.PlaneElements];
            places = geometry.OutputHeight * geometry.OutputWidth;
            sums = new float[places];
            weights = context.InputFloats(1);
            bias = context.Operator.HasInput(2) ? context.InputFloats(2) : new float[geometry.Units];
            output = (float[])context.OutputElements();
            elements = context.Output().Elements;
            activation = Activation.Of(context, DenseRule.Activation);
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

                    float start = bias[unit];
                    int tap = 0;
                    for (; tap + DepthwiseTaps.Group <= taps.Offsets.Length; tap += DepthwiseTaps.Group)
                    {
                        AddGroup(unit, tap, start);
                    }

                    for (; tap < taps.Offsets.Length; tap++)
                    {
                        AddOne(unit, tap, start);
                    }

                    Store(index + unit);
                }

                image += geometry.Height * geometry.Width * geometry.Channels;
                index += places * geometry.Units;
            }

            activation.Apply(output, output, elements);
        }

        private void LayOut(int from)
        {
            float[] x = input;
            float[] to = plane;
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

        private float Weight(int unit, int tap)
        {
            return weights[(unit * taps.Count) + tap];
        }

        private void AddGroup(int unit, int tap, float start)
        {
            float[] x = plane;
            float[] s = sums;
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
            float w0 = Weight(unit, tap);
            float w1 = Weight(unit, tap + 1);
            float w2 = Weight(unit, tap + 2);
            float w3 = Weight(unit, tap + 3);
            float w4 = Weight(unit, tap + 4);
            float w5 = Weight(unit, tap + 5);
            float w6 = Weight(unit, tap + 6);
            float w7 = Weight(unit, tap + 7);
            float w8 = Weight(unit, tap + 8);
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

        private void AddOne(int unit, int tap, float start)
        {
            float[] x = plane;
            float[] s = sums;
            float weight = Weight(unit, tap);
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

        private void Store(int index)
        {
            float[] s = sums;
            float[] y = output;
            int n = places;
            int step = geometry.Units;
            for (int i = 0; i < n; i++)
            {
                y[index] = s[i];
                index += step;
            }
        }
    }
}
