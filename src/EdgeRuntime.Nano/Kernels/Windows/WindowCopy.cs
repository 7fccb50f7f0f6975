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

            if (isWhole)
            {
                int first = left < 0 ? -left : 0;
                int count = (left + kernelWidth > width ? width - left : kernelWidth) - first;
                if (count > 0)
                {
                    CopyRows(image, top, left + first, first, count);
                }

                return;
            }

            for (int i = 0; i < kernelHeight; i++)
            {
                int y = top + (i * stepDown);
                for (int j = 0; j < kernelWidth && y >= 0 && y < height; j++)
                {
                    int x = left + (j * stepRight);
                    if (x >= 0 && x < width)
                    {
                        Array.Copy(source, ((image + (y * width) + x) * g.Channels) + channel, patch, ((i * kernelWidth) + j) * depth, depth);
                    }
                }
            }
        }

        private void CopyRows(int image, int top, int x, int first, int count)
        {
            WindowGeometry g = geometry;
            Array from = source;
            Array to = patch;
            int channels = depth;
            int height = g.Height;
            int kernelHeight = g.KernelHeight;
            int step = g.DilationHeight;
            int toStep = g.KernelWidth * channels;
            int fromStep = step * g.Width * channels;
            int fromOffset = (image + (top * g.Width) + x) * channels;
            int toOffset = first * channels;
            int length = count * channels;
            int y = top;
            for (int i = 0; i < kernelHeight; i++)
            {
                if (y >= 0 && y < height)
                {
                    Array.Copy(from, fromOffset, to, toOffset, length);
                }

                y += step;
                fromOffset += fromStep;
                toOffset += toStep;
            }
        }
    }
}
