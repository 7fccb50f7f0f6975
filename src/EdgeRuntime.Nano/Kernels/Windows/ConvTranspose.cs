using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// The walk of ConvTranspose: every pixel of the input adds its products with one element of the window to the sums of one place
    /// of the output. The weights of each element and group are their own matrix.
    /// </summary>
    internal abstract class ConvTranspose : NanoKernel
    {
        private readonly WindowGeometry geometry;

        protected ConvTranspose(WindowGeometry geometry)
        {
            this.geometry = geometry;
        }

        /// <summary>Elements of one image of the output.</summary>
        protected int ImageElements
        {
            get { return geometry.OutputHeight * geometry.OutputWidth * geometry.Units; }
        }

        internal override void Run()
        {
            WindowGeometry g = geometry;
            int pixel = 0;
            for (int batch = 0; batch < g.Batch; batch++)
            {
                Begin(batch * ImageElements);
                for (int row = 0; row < g.Height; row++)
                {
                    for (int column = 0; column < g.Width; column++)
                    {
                        Spread(pixel, (row * g.StrideHeight) - g.PadTop, (column * g.StrideWidth) - g.PadLeft);
                        pixel += g.Channels;
                    }
                }

                End(batch * ImageElements);
            }
        }

        /// <summary>Begins an image whose outputs are at <paramref name="index"/>.</summary>
        protected abstract void Begin(int index);

        /// <summary>Adds the products of a group's channels, the first at <paramref name="from"/>, and an element of the window to the sums from <paramref name="to"/> on.</summary>
        protected abstract void Add(int element, int group, int from, int to);

        /// <summary>Ends an image.</summary>
        protected abstract void End(int index);

        /// <summary>Where in the file the weights of an element and group begin, counted in weights from the operator's first.</summary>
        protected static int MatrixOffset(WindowGeometry geometry, int element, int group)
        {
            return ((group * geometry.UnitsPerGroup * geometry.KernelHeight * geometry.KernelWidth) + element) * geometry.ChannelsPerGroup;
        }

        private void Spread(int pixel, int top, int left)
        {
            WindowGeometry g = geometry;
            int channels = g.ChannelsPerGroup;
            int units = g.UnitsPerGroup;
            int element = 0;
            for (int i = 0; i < g.KernelHeight; i++)
            {
                int y = top + (i * g.DilationHeight);
                for (int j = 0; j < g.KernelWidth; j++)
                {
                    int x = left + (j * g.DilationWidth);
                    if (y >= 0 && y < g.OutputHeight && x >= 0 && x < g.OutputWidth)
                    {
                        int to = ((y * g.OutputWidth) + x) * g.Units;
                        for (int group = 0; group < g.Groups; group++)
                        {
                            Add(element, group, pixel + (group * channels), to + (group * units));
                        }
                    }

                    element++;
                }
            }
        }
    }
}
