namespace EdgeInference.Nano.Kernels
{
    /// <summary>Chooses the kernel of Conv by its window: rows where it is one pixel, taps where each channel has its own, else windows.</summary>
    internal static class ConvKernels
    {
        /// <summary>Conv in float32.</summary>
        internal static NanoKernel Float32(BindContext context)
        {
            WindowGeometry geometry = new WindowGeometry(context.Operator);
            if (geometry.IsPointwise)
            {
                return new DenseFloat32(context, DenseShape.Of(context), context.InputFloats(0));
            }

            if (IsDepthwise(geometry))
            {
                return new DepthwiseFloat32(context, geometry);
            }

            float[] patch = new float[geometry.PatchLength];
            DenseRows[] layers = new DenseRows[geometry.Groups];
            for (int group = 0; group < layers.Length; group++)
            {
                layers[group] = new DenseFloat32(context, Part(context, geometry, group), patch);
            }

            return new ConvWindows(context, geometry, layers, patch, new float[geometry.PatchLength]);
        }

        /// <summary>Conv in int8.</summary>
        internal static NanoKernel Int8(BindContext context)
        {
            WindowGeometry geometry = new WindowGeometry(context.Operator);
            if (geometry.IsPointwise)
            {
                return DenseKernels.Int8(context, DenseShape.Of(context), context.InputInt8s(0));
            }

            if (IsDepthwise(geometry))
            {
                return new DepthwiseInt8(context, geometry);
            }

            sbyte[] padding = new sbyte[geometry.PatchLength];
            for (int i = 0; i < padding.Length; i++)
            {
                padding[i] = (sbyte)context.Input(0).ZeroPoint;
            }

            sbyte[] patch = new sbyte[geometry.PatchLength];
            DenseRows[] layers = new DenseRows[geometry.Groups];
            for (int group = 0; group < layers.Length; group++)
            {
                layers[group] = DenseKernels.Int8(context, Part(context, geometry, group), patch);
            }

            return new ConvWindows(context, geometry, layers, patch, padding);
        }

        /// <summary>Conv in int16.</summary>
        internal static NanoKernel Int16(BindContext context)
        {
            WindowGeometry geometry = new WindowGeometry(context.Operator);
            if (geometry.IsPointwise)
            {
                return DenseKernels.Int16(context, DenseShape.Of(context), context.InputInt16s(0));
            }

            if (IsDepthwise(geometry))
            {
                return new DepthwiseInt16(context, geometry);
            }

            short[] patch = new short[geometry.PatchLength];
            DenseRows[] layers = new DenseRows[geometry.Groups];
            for (int group = 0; group < layers.Length; group++)
            {
                layers[group] = DenseKernels.Int16(context, Part(context, geometry, group), patch);
            }

            return new ConvWindows(context, geometry, layers, patch, new short[geometry.PatchLength]);
        }

        private static bool IsDepthwise(WindowGeometry geometry)
        {
            return DepthwiseTaps.Fit(geometry) && geometry.Groups > 1;
        }

        private static DenseShape Part(BindContext context, WindowGeometry geometry, int group)
        {
            return DenseShape.Part(context, group * geometry.UnitsPerGroup, geometry.UnitsPerGroup);
        }
    }
}
