using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>Conv with one channel in and out of each group: channels across the lanes of a vector, weights packed [kernel h, kernel w, channels].</summary>
internal static unsafe class DepthwiseConvKernel
{
    internal static BoundKernel Bind(in BindContext context, ConvGeometry geometry)
    {
        int window = geometry.KernelHeight * geometry.KernelWidth;
        var packing = new Packing { Weights = geometry.Weights, Bias = geometry.Bias, Window = window, Channels = geometry.Channels };
        var kind = (ActivationKind)context.Operator.Int(DenseRule.Activation);
        FusedReluKind relu = FusedRelu.Kind(kind);
        var arguments = new ChannelWindowArguments
        {
            Input = geometry.Input,
            Output = geometry.Output,
            Weights = (float*)context.Shared((long)window * geometry.Channels * sizeof(float), packing with { Bias = null }, PackWeights),
            Bias = (float*)context.Shared((long)geometry.Channels * sizeof(float), packing with { Weights = null }, PackBias),
            Batch = geometry.Batch,
            Channels = geometry.Channels,
            Vertical = WindowAxis.OfConv(context.Operator, 0, geometry.Height, geometry.OutputHeight, geometry.KernelHeight),
            Horizontal = WindowAxis.OfConv(context.Operator, 1, geometry.Width, geometry.OutputWidth, geometry.KernelWidth),
            Relu = relu,
            Alpha = geometry.Alpha,
            Beta = geometry.Beta,
            Activation = kind == ActivationKind.Linear || relu != FusedReluKind.None ? null : geometry.Activation,
        };
        var binding = new ThreeByThree { Context = context, Geometry = new WindowGeometry(context.Operator), Windows = arguments };
        if (FloatLadder.Vectors<BindThreeByThree, ThreeByThree>(ref binding))
        {
            return binding.Kernel;
        }

        arguments.Rows = arguments.Vertical.Spans(in context, false);
        arguments.Columns = arguments.Horizontal.Spans(in context, false);
        return new BoundKernel(&ChannelWindows<WeightedSum>.Run, context.Keep(arguments));
    }

    private static void PackWeights(byte* destination, Packing g)
    {
        for (int i = 0; i < g.Window; i++)
        {
            for (int c = 0; c < g.Channels; c++)
            {
                ((float*)destination)[(i * g.Channels) + c] = g.Weights[(c * g.Window) + i];
            }
        }
    }

    private static void PackBias(byte* destination, Packing g)
    {
        for (int c = 0; c < g.Channels && g.Bias != null; c++)
        {
            ((float*)destination)[c] = g.Bias[c];
        }
    }

    private readonly struct BindThreeByThree : IFloatStep<ThreeByThree>
    {
        public static bool Run<TVector>(ref ThreeByThree binding)
            where TVector : struct, IFloatVector<TVector>
            => DepthwiseSlide<TVector>.TryBind(in binding.Context, in binding.Geometry, in binding.Windows, out binding.Kernel)
                || DepthwiseThreeByThree<TVector>.TryBind(in binding.Context, in binding.Geometry, in binding.Windows, out binding.Kernel);
    }

    private ref struct ThreeByThree
    {
        internal BindContext Context;
        internal WindowGeometry Geometry;
        internal ChannelWindowArguments Windows;
        internal BoundKernel Kernel;
    }

    private struct Packing
    {
        internal float* Weights;
        internal float* Bias;
        internal int Window;
        internal int Channels;
    }

    private readonly struct WeightedSum : IWindowReduction
    {
        public static bool IsSum => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Initial<TVector>(float* bias)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Load(bias);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<TVector>(TVector total, TVector x, float* weights)
            where TVector : struct, IFloatVector<TVector>
            => TVector.MultiplyAdd(x, TVector.Load(weights), total);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Finish<TVector>(TVector total, in ChannelWindowArguments a, int count)
            where TVector : struct, IFloatVector<TVector>
            => FusedRelu.Of(total, a.Relu, a.Alpha);
    }
}
