using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Conv as Dense over its windows, one after the other, each group with the kernel that Dense has for the type. Products are
    /// added in the order of the formula, and padding adds zero (quantized: the zero point, whose products are folded into the bias).
    /// </summary>
    internal sealed class ConvWindows : NanoKernel
    {
        private readonly WindowGeometry geometry;
        private readonly DenseRows[] layers;
        private readonly WindowCopy[] copies;

        /// <param name="context">The operator.</param>
        /// <param name="geometry">Its windows.</param>
        /// <param name="layers">The rows of each group, of which the input is <paramref name="patch"/>.</param>
        /// <param name="patch">Where a window is copied to.</param>
        /// <param name="padding">What lies around the image, as long as <paramref name="patch"/>.</param>
        internal ConvWindows(BindContext context, WindowGeometry geometry, DenseRows[] layers, Array patch, Array padding)
        {
            this.geometry = geometry;
            this.layers = layers;
            copies = new WindowCopy[geometry.Groups];
            for (int group = 0; group < copies.Length; group++)
            {
                copies[group] = new WindowCopy(geometry, context.InputElements(0), patch, padding, group);
            }
        }

        internal override void Run()
        {
            int image = 0;
            int index = 0;
            for (int batch = 0; batch < geometry.Batch; batch++)
            {
                int top = -geometry.PadTop;
                for (int row = 0; row < geometry.OutputHeight; row++)
                {
                    index = RunRow(image, top, index);
                    top += geometry.StrideHeight;
                }

                image += geometry.Height * geometry.Width;
            }

            layers[0].Finish();
        }

        private int RunRow(int image, int top, int index)
        {
            DenseRows[] rows = layers;
            WindowCopy[] windows = copies;
            int groups = rows.Length;
            int units = geometry.UnitsPerGroup;
            int width = geometry.OutputWidth;
            int step = geometry.StrideWidth;
            int left = -geometry.PadLeft;
            for (int column = 0; column < width; column++)
            {
                for (int group = 0; group < groups; group++)
                {
                    windows[group].Copy(image, top, left);
                    rows[group].Row(0, index);
                    index += units;
                }

                left += step;
            }

            return index;
        }
    }
}
