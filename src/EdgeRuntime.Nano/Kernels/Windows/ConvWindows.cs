using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Conv as Dense over its windows, one after the other, each group with the kernel that Dense has for the type. Products are
    /// added in the order of the formula, and padding adds zero (quantized: the zero point, whose products are folded into the bias).
    /// Weights that are not in RAM are read in chunks, and with each all windows are run.
    /// </summary>
    internal sealed class ConvWindows : NanoKernel
    {
        private readonly WindowGeometry geometry;
        private readonly DenseRows[] layers;
        private readonly WindowCopy[] copies;
        private readonly bool isChunked;

        /// <param name="context">The operator.</param>
        /// <param name="geometry">Its windows.</param>
        /// <param name="layers">The rows of each group, of which the input is <paramref name="patch"/>.</param>
        /// <param name="patch">Where a window is copied to.</param>
        /// <param name="padding">What lies around the image, as long as <paramref name="patch"/>.</param>
        internal ConvWindows(BindContext context, WindowGeometry geometry, DenseRows[] layers, Array patch, Array padding)
        {
            this.geometry = geometry;
            isChunked = context.ChunkBytes != 0;
            this.layers = layers;
            copies = new WindowCopy[geometry.Groups];
            for (int group = 0; group < copies.Length; group++)
            {
                copies[group] = new WindowCopy(geometry, context.InputElements(0), patch, padding, group);
            }
        }

        internal override void Run()
        {
            if (!isChunked)
            {
                layers[0].Begin(0);
                RunImages(0, layers.Length);
                layers[0].Finish();
                return;
            }

            for (int group = 0; group < layers.Length; group++)
            {
                for (int unit = 0; unit < geometry.UnitsPerGroup;)
                {
                    unit = layers[group].Begin(unit);
                    RunImages(group, group + 1);
                    layers[group].Finish();
                }
            }
        }

        // All output places, of the groups from first to before end. One method, for each call takes a device a frame on its heap.
        private void RunImages(int first, int end)
        {
            DenseRows[] rows = layers;
            WindowCopy[] windows = copies;
            int units = geometry.UnitsPerGroup;
            int width = geometry.OutputWidth;
            int step = geometry.StrideWidth;
            int others = (first + rows.Length - end) * units;
            int image = 0;
            int index = first * units;
            for (int batch = 0; batch < geometry.Batch; batch++)
            {
                int top = -geometry.PadTop;
                for (int row = 0; row < geometry.OutputHeight; row++)
                {
                    int left = -geometry.PadLeft;
                    for (int column = 0; column < width; column++)
                    {
                        for (int group = first; group < end; group++)
                        {
                            windows[group].Copy(image, top, left);
                            rows[group].Row(0, index);
                            index += units;
                        }

                        index += others;
                        left += step;
                    }

                    top += geometry.StrideHeight;
                }

                image += geometry.Height * geometry.Width;
            }
        }
    }
}
