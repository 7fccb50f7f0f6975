using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>Sizes and addresses of a float32 convolution, transposed or not.</summary>
internal unsafe struct ConvGeometry
{
    internal float* Input;
    internal float* Weights;
    internal float* Bias;
    internal float* Output;
    internal int Batch;
    internal int Height;
    internal int Width;
    internal int Channels;
    internal int OutputHeight;
    internal int OutputWidth;
    internal int Units;
    internal int KernelHeight;
    internal int KernelWidth;
    internal int StrideHeight;
    internal int StrideWidth;
    internal int DilationHeight;
    internal int DilationWidth;
    internal int PadTop;
    internal int PadLeft;
    internal int Groups;
    internal float Alpha;
    internal float Beta;
    internal delegate*<float*, float*, nint, float, float, void> Activation;

    internal readonly int ChannelsPerGroup => Channels / Groups;

    internal readonly int UnitsPerGroup => Units / Groups;

    internal static ConvGeometry Of(in BindContext context)
    {
        TensorInfo x = context.Input(0);
        TensorInfo weights = context.Input(1);
        TensorInfo output = context.Output();
        OperatorRecord parameters = context.Operator;
        return new ConvGeometry
        {
            Input = (float*)context.InputData(0),
            Weights = (float*)context.InputData(1),
            Bias = (float*)context.InputData(2),
            Output = (float*)context.OutputData(),
            Batch = x.Dimension(0),
            Height = x.Dimension(1),
            Width = x.Dimension(2),
            Channels = x.Dimension(3),
            OutputHeight = output.Dimension(1),
            OutputWidth = output.Dimension(2),
            Units = weights.Dimension(0),
            KernelHeight = weights.Dimension(1),
            KernelWidth = weights.Dimension(2),
            StrideHeight = parameters.Int(ConvRule.Stride),
            StrideWidth = parameters.Int(ConvRule.Stride + 1),
            DilationHeight = parameters.Int(ConvRule.Dilation),
            DilationWidth = parameters.Int(ConvRule.Dilation + 1),
            PadTop = parameters.Int(ConvRule.Pad),
            PadLeft = parameters.Int(ConvRule.Pad + 1),
            Groups = parameters.Int(ConvRule.Groups),
            Activation = ActivationFormulas.Get((ActivationKind)parameters.Int(DenseRule.Activation)).Fast,
            Alpha = parameters.Float(DenseRule.Alpha),
            Beta = parameters.Float(DenseRule.Beta),
        };
    }
}
