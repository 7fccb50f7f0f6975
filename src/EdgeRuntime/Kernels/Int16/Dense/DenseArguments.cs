namespace EdgeInference.Runtime.Kernels.Int16.Dense;

/// <summary>What a bound int16 Dense knows.</summary>
internal unsafe struct DenseArguments
{
    internal short* Input;

    /// <summary>As they are in the file, or as <see cref="DenseWide"/> packs them.</summary>
    internal sbyte* Weights;

    /// <summary>Of a few rows, for <see cref="DenseWide"/>.</summary>
    internal long* Sums;
    internal byte* Output;
    internal int OutputBytes;
    internal int Rows;
    internal int Depth;
    internal int Units;

    /// <summary>Whether each unit has a row of high and a row of low halves.</summary>
    internal bool HasHalves;
    internal WideRequantization Requantization;
}
