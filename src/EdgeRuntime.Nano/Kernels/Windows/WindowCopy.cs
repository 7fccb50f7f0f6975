using System;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Lays the window of one output place, or a group's channels of it, out as a row. Array.Copy is the interpreter's fastest
    /// loop by far, so a row of the window is one copy wherever its pixels lie side by side.
    /// </summary>
    internal sealed class WindowCopy
    {
        private readonly Array source;
        private readonly Array patch;
        private readonly Array padding;
        private readonly WindowGeometry geometry;
        private readonly int channel;
        private readonly int depth;
        private readonly bool isWhole;

        /// <param name="geometry">The convolution.</param>
        /// <param name="source">The images.</param>
        /// <param name="patch">The row.</param>
        /// <param name="padding">What a row without an image is.</param>
        /// <param name="group">Which group's channels.</param>
        internal WindowCopy(WindowGeometry geometry, Array source, Array patch, Array padding, int group)
        {
            this.geometry = geometry;
            this.source = source;
            this.patch = patch;
            this.padding = padding;
            depth = geometry.ChannelsPerGroup;
            channel = group * depth;
            isWhole = geometry.Groups == 1 && geometry.DilationWidth == 1;
        }

        /// <summary>Fills the row.</summary>
        /// <param name="image">Pixels before the image.</param>
        /// <param name="top">Row of the window's first element, which may lie outside the image.</param>
        /// <param name="left">Column of it.</param>
        internal void Copy(int image, int top, int left)
        {
            WindowGeometry g = geometry;
            int height = g.Height;
            int width = g.Width;
            int kernelHeight = g.KernelHeight;
            int kernelWidth = g.KernelWidth;
            int stepDown = g.DilationHeight;
            int stepRight = g.DilationWidth;
            if (top < 0 || left < 0 || top + ((kernelHeight - 1) * stepDown) >= height || left + ((kernelWidth - 1) * stepRight) >= width)
            {
                Array.Copy(padding, patch, padding.Length);
            }

            // One method, for each call takes a device a frame on its heap.
            Array from = source;
            Array to = patch;
            int channels = depth;
            int y = top;
            int row = image + (top * width);
            int toOffset = 0;
            int first = isWhole && left < 0 ? -left : 0;
            int count = (left + kernelWidth > width ? width - left : kernelWidth) - first;
            for (int i = 0; i < kernelHeight; i++)
            {
                if (y >= 0 && y < height)
                {
                    if (!isWhole)
                    {
                        for (int j = 0; j < kernelWidth; j++)
                        {
                            int x = left + (j * stepRight);
                            if (x >= 0 && x < width)
                            {
                                Array.Copy(from, ((row + x) * g.Channels) + channel, to, toOffset + (j * channels), channels);
                            }
                        }
                    }
                    else if (count > 0)
                    {
                        Array.Copy(from, (row + left + first) * channels, to, toOffset + (first * channels), count * channels);
                    }
                }

                y += stepDown;
                row += stepDown * width;
                toOffset += kernelWidth * channels;
            }
        }
    }
}
