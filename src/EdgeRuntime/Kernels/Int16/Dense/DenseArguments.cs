namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>What a bound int16 Dense knows.</summary>
internal unsafe struct DenseArguments
{
    internal short* Input;
    internal sbyte* Weights;
    internal byte* Output;
    internal int OutputBytes;
    internal int Rows;
    internal int Depth;
    internal int Units;
    internal WideRequantization Requantization;
}
