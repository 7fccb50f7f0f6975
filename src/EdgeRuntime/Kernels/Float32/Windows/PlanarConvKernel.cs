using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>How far neighbouring windows of a row lie apart.</summary>
internal interface IPlanarStride
{
    static abstract int Pixels { get; }
}

/// <summary>The first two operators of a model of images that come plane after plane: Transpose to channels last and Conv, at once.</summary>
internal static unsafe class PlanarConvKernel
{
    // More channels lie side by side as well as pixels do.
    private const int MostChannels = 4;
    private const int LargestDepth = 1 << 12;
    private const long LargestImage = 4L << 20;

    /// <summary>Outputs of a row: no fewer than the pixels of the widest tile.</summary>
    internal const int SmallestRow = 12;

    private static readonly int[] channelsLast = [0, 2, 3, 1];

    /// <summary>Whether the operators are these, and the kernel of both then.</summary>
    /// <param name="transpose">The context of the first operator.</param>
    /// <param name="following">The operators behind it.</param>
    /// <param name="isOnlyReader">Whether a tensor is read by so many inputs and is no output.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>Operators that the kernel does, 0 if it is none.</returns>
    internal static int Bind(in BindContext transpose, ReadOnlySpan<OperatorRecord> following, Func<TensorInfo, int, bool> isOnlyReader, out BoundKernel kernel)
    {
        kernel = default;
        OperatorRecord first = transpose.Operator;
        if (first.Opcode != Opcode.Transpose || first.Inputs[0].Type != TensorType.Float32 || !IsChannelsLast(first) || following.IsEmpty)
        {
            return 0;
        }

        OperatorRecord conv = following[0];
        TensorInfo turned = first.Outputs[0];
        if (conv.Opcode != Opcode.Conv || conv.Inputs[0] != turned || turned.Storage != TensorStorage.Arena || !isOnlyReader(turned, 1))
        {
            return 0;
        }

        var binding = new Binding { Transpose = transpose, Conv = transpose.Of(conv), Geometry = new WindowGeometry(conv) };
        if (!Fits(in binding.Geometry, conv) || !FloatLadder.Vectors<BindStep, Binding>(ref binding))
        {
            return 0;
        }

        kernel = binding.Kernel;
        return 2;
    }

    private static bool IsChannelsLast(OperatorRecord transpose)
    {
        bool isSo = transpose.Inputs[0].Rank == channelsLast.Length;
        for (int i = 0; i < channelsLast.Length; i++)
        {
            isSo = isSo && transpose.Int(TransposeRule.Permutation + i) == channelsLast[i];
        }

        return isSo;
    }

    // Outputs may lie where the input was, so that no image may follow the first.
    private static bool Fits(in WindowGeometry g, OperatorRecord conv) =>
        g is { Batch: 1, Groups: 1, Channels: <= MostChannels, StrideWidth: 1 or 2 }
            && g.OutputWidth >= SmallestRow
            && (long)g.KernelHeight * g.KernelWidth * g.Channels <= LargestDepth
            && PlanarImage.Elements(in g) <= LargestImage
            && FusedRelu.Kind((ActivationKind)conv.Int(DenseRule.Activation)) != FusedReluKind.LeakyReLU;

    private static void FillOffsets(byte* destination, Table table)
    {
        int* to = (int*)destination;
        for (int i = 0; i < table.KernelHeight; i++)
        {
            for (int j = 0; j < table.KernelWidth; j++)
            {
                for (int channel = 0; channel < table.Channels; channel++)
                {
                    *to++ = (channel * table.PlaneStride) + (i * table.RowStep) + (j * table.ColumnStep);
                }
            }
        }
    }

    private readonly struct BindStep : IFloatStep<Binding>
    {
        public static bool Run<TVector>(ref Binding binding)
            where TVector : struct, IFloatVector<TVector>
        {
            // Vectors wider than the outputs would only multiply padding.
            ref readonly WindowGeometry g = ref binding.Geometry;
            if (g.Units <= TVector.Count / 2)
            {
                return false;
            }

            ref readonly BindContext conv = ref binding.Conv;
            ConvGeometry sizes = ConvGeometry.Of(in conv);
            int depth = g.KernelHeight * g.KernelWidth * g.Channels;
            var packing = new DensePacking { Weights = sizes.Weights, Bias = sizes.Bias, Units = g.Units, Depth = depth };
            var dense = new DenseArguments
            {
                Weights = (float*)conv.Shared(DensePanels<TVector>.WeightBytes(g.Units, depth), packing.WeightsOnly, DensePanels<TVector>.PackWeights, isForRunsOnly: true),
                Bias = (float*)conv.Shared(DensePanels<TVector>.PaddedUnits(g.Units) * sizeof(float), packing.BiasOnly, DensePanels<TVector>.PackBias),
                Output = sizes.Output,
                Units = g.Units,
                Depth = depth,
                Activation = sizes.Activation,
                Alpha = sizes.Alpha,
                Beta = sizes.Beta,
            };
            dense.Fuse((ActivationKind)conv.Operator.Int(DenseRule.Activation));
            var image = PlanarImage.Bind(in binding.Transpose, in g);
            var table = new Table
            {
                KernelHeight = g.KernelHeight,
                KernelWidth = g.KernelWidth,
                Channels = g.Channels,
                PlaneStride = image.PlaneStride,
                RowStep = image.RowStride * g.DilationHeight,
                ColumnStep = g.DilationWidth,
            };
            var arguments = new PlanarConvArguments
            {
                Dense = dense,
                Geometry = g,
                Image = image,
                Offsets = (int*)conv.Table((long)depth * sizeof(int), table, FillOffsets),
                Least = FusedRelu.Least(dense.Relu),
                Most = FusedRelu.Most(dense.Relu),
            };
            var kept = (PlanarConvArguments*)conv.Keep(arguments);
            binding.Kernel = new BoundKernel(
                g.StrideWidth == 1 ? &PlanarConv<TVector, One>.Run : &PlanarConv<TVector, Two>.Run, kept, &kept->Image.Input);
            return true;
        }
    }

    private readonly struct One : IPlanarStride
    {
        public static int Pixels => 1;
    }

    private readonly struct Two : IPlanarStride
    {
        public static int Pixels => 2;
    }

    private ref struct Binding
    {
        internal BindContext Transpose;
        internal BindContext Conv;
        internal WindowGeometry Geometry;
        internal BoundKernel Kernel;
    }

    private struct Table
    {
        internal int KernelHeight;
        internal int KernelWidth;
        internal int Channels;
        internal int PlaneStride;
        internal int RowStep;
        internal int ColumnStep;
    }
}
