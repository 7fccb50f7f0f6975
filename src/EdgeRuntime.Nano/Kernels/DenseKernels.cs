using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Chooses the kernel of Dense and of the convolutions by type and by whether weights may take RAM.</summary>
    internal static class DenseKernels
    {
        /// <summary>Dense.</summary>
        internal static NanoKernel Dense(BindContext context)
        {
            return Make(context, DenseShape.Of(context), context.InputElements(0));
        }

        /// <summary>Conv.</summary>
        internal static NanoKernel Conv(BindContext context)
        {
            WindowGeometry geometry = new WindowGeometry(context.Operator);
            if (geometry.IsPointwise)
            {
                return Make(context, DenseShape.Of(context), context.InputElements(0));
            }

            if (DepthwiseTaps.Fit(geometry) && geometry.Groups > 1)
            {
                return Depthwise(context, geometry);
            }

            return new ConvWindows(context, geometry);
        }

        /// <summary>ConvTranspose.</summary>
        internal static NanoKernel ConvTranspose(BindContext context)
        {
            WindowGeometry geometry = new WindowGeometry(context.Operator);
            return context.Input(0).Type == TensorType.Float32 ? (NanoKernel)new ConvTransposeFloat32(context, geometry) : new ConvTransposeInt8(context, geometry);
        }

        private static NanoKernel Depthwise(BindContext context, WindowGeometry geometry)
        {
            switch (context.Input(0).Type)
            {
                case TensorType.Float32: return new DepthwiseFloat32(context, geometry);
                case TensorType.Int8: return new DepthwiseInt8(context, geometry);
                default: return new DepthwiseInt16(context, geometry);
            }
        }

        /// <summary>Rows of <paramref name="input"/>, of the type of the operator's first input, by the weights of some units or gates.</summary>
        internal static DenseRows Make(BindContext context, DenseShape shape, Array input)
        {
            TensorType type = context.Input(0).Type;
            if (type == TensorType.Float32)
            {
                return new DenseFloat32(context, shape, (float[])input);
            }

            if (type == TensorType.Int16)
            {
                return context.PackWeights ? (DenseRows)new DenseInt16Packed(context, shape, (short[])input) : new DenseInt16InPlace(context, shape, (short[])input);
            }

            return context.PackWeights ? (DenseRows)new DenseInt8Packed(context, shape, (sbyte[])input) : new DenseInt8InPlace(context, shape, (sbyte[])input);
        }
    }
}
