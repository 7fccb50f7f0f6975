namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>What a bound int16 Dense knows.</summary>
internal unsafe struct DenseArguments
{
    internal short* Input;
    internal sbyte* Weights;
    internal long* Bias;
    internal int* Multipliers;
    internal int* Shifts;
    internal byte* Table;
    internal byte* Output;
    internal int Rows;
    internal int Depth;
    internal int Units;
    internal int PerChannel;
    internal int ZeroPoint;

    /// <summary>The clamp before the zero point is added, so that the sum cannot leave int32.</summary>
    internal int Low;
    internal int High;
    internal bool OutputIsInt16;
}
