namespace EdgeInference.Runtime.Kernels.Float32.Reduction;

/// <summary>The rows along the last axis that Softmax and LogSoftmax go over.</summary>
internal unsafe struct SoftmaxRows
{
    internal float* Input;
    internal float* Output;
    internal int Rows;
    internal int Depth;
    internal float Beta;

    internal static SoftmaxRows Of(in BindContext context, float beta) => new()
    {
        Input = (float*)context.InputData(0),
        Output = (float*)context.OutputData(),
        Depth = context.Input(0).LastDimension,
        Rows = context.Elements(0) / context.Input(0).LastDimension,
        Beta = beta,
    };
}
