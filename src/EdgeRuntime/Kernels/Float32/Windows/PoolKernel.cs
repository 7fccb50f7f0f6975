using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>MaxPool and AveragePool in float32, channels last. Channels do not mix, so that the scalar twin gives the same bits.</summary>
internal static unsafe class PoolKernel
{
    internal static BoundKernel BindMax(in BindContext context) => Bind<Largest>(in context);

    internal static BoundKernel BindAverage(in BindContext context) => Bind<Mean>(in context);

    private static BoundKernel Bind<TReduction>(in BindContext context)
        where TReduction : struct, IWindowReduction
    {
        TensorInfo x = context.Input(0);
        TensorInfo output = context.Output();
        OperatorRecord parameters = context.Operator;
        var arguments = new ChannelWindowArguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Batch = x.Dimension(0),
            Channels = x.Dimension(3),
            Vertical = WindowAxis.OfPool(parameters, 0, x.Dimension(1), output.Dimension(1)),
            Horizontal = WindowAxis.OfPool(parameters, 1, x.Dimension(2), output.Dimension(2)),
        };
        bool includePad = parameters.Int(PoolRule.CountIncludePad) != 0;
        arguments.Rows = arguments.Vertical.Spans(in context, includePad);
        arguments.Columns = arguments.Horizontal.Spans(in context, includePad);
        return new BoundKernel(context.Fast ? &ChannelWindows<TReduction>.Run : &ChannelWindows<TReduction>.RunReference, context.Keep(arguments));
    }

    private readonly struct Largest : IWindowReduction
    {
        public static bool IsSum => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Initial<TVector>(float* bias)
            where TVector : struct, IFloatVector<TVector>
            => float.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<TVector>(TVector total, TVector x, float* weights)
            where TVector : struct, IFloatVector<TVector>
            => TVector.Max(total, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Finish<TVector>(TVector total, in ChannelWindowArguments a, int count)
            where TVector : struct, IFloatVector<TVector>
            => total;
    }

    private readonly struct Mean : IWindowReduction
    {
        public static bool IsSum => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Initial<TVector>(float* bias)
            where TVector : struct, IFloatVector<TVector>
            => 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<TVector>(TVector total, TVector x, float* weights)
            where TVector : struct, IFloatVector<TVector>
            => total + x;

        // A window wholly outside x has nothing to average.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Finish<TVector>(TVector total, in ChannelWindowArguments a, int count)
            where TVector : struct, IFloatVector<TVector>
            => count > 0 ? total / count : total;
    }
}
