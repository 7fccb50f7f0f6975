namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Where the elements of a depthwise window lie in the plane of one channel, from its first element on; the plane has all
    /// around it that a window reaches.
    /// </summary>
    internal sealed class DepthwiseTaps
    {
        /// <summary>Elements of a window that are worked on at a time: those of a window of 3 by 3.</summary>
        internal const int Group = 9;

        // A file may ask for more padding than a device has memory for.
        private const long LargestPlane = 1 << 18;

        private DepthwiseTaps(WindowGeometry geometry)
        {
            Geometry = geometry;
            Count = geometry.KernelHeight * geometry.KernelWidth;
            Offsets = new int[Count];
            for (int i = 0; i < Count; i++)
            {
                Offsets[i] = ((i / geometry.KernelWidth) * geometry.DilationHeight * geometry.ReachedWidth) + ((i % geometry.KernelWidth) * geometry.DilationWidth);
            }

            PlaneElements = geometry.ReachedHeight * geometry.ReachedWidth;
            First = (geometry.PadTop * geometry.ReachedWidth) + geometry.PadLeft;
        }

        /// <summary>The convolution.</summary>
        internal readonly WindowGeometry Geometry;

        /// <summary>Elements of a window.</summary>
        internal readonly int Count;

        /// <summary>Offset of each.</summary>
        internal readonly int[] Offsets;

        /// <summary>Elements of the plane.</summary>
        internal readonly int PlaneElements;

        /// <summary>Where in the plane the image begins.</summary>
        internal readonly int First;

        /// <summary>Those of a convolution: one object with the one before where their windows are the same, as a device has little RAM.</summary>
        internal static DepthwiseTaps Of(BindContext context, WindowGeometry geometry)
        {
            DepthwiseTaps last = (DepthwiseTaps)context.Shared;
            if (last != null && AreSame(last.Geometry, geometry))
            {
                return last;
            }

            last = new DepthwiseTaps(geometry);
            context.Shared = last;
            return last;
        }

        private static bool AreSame(WindowGeometry a, WindowGeometry b)
        {
            return a.Batch == b.Batch && a.Height == b.Height && a.Width == b.Width && a.Channels == b.Channels
                && a.OutputHeight == b.OutputHeight && a.OutputWidth == b.OutputWidth && a.Units == b.Units
                && a.KernelHeight == b.KernelHeight && a.KernelWidth == b.KernelWidth
                && a.StrideHeight == b.StrideHeight && a.StrideWidth == b.StrideWidth
                && a.DilationHeight == b.DilationHeight && a.DilationWidth == b.DilationWidth
                && a.PadTop == b.PadTop && a.PadLeft == b.PadLeft && a.Groups == b.Groups;
        }

        /// <summary>Whether a convolution is one channel after the other, each with planes that are not too large.</summary>
        internal static bool Fit(WindowGeometry geometry)
        {
            return geometry.ChannelsPerGroup == 1 && (long)geometry.ReachedHeight * geometry.ReachedWidth <= LargestPlane;
        }
    }
}
