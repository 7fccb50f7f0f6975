namespace EdgeInference.Runtime.Kernels.Int8.Dense;

/// <summary>What a bound int8 Dense knows. Weights and bias are as its kernel reads them; the bias has the input's zero point folded in.</summary>
internal unsafe struct DenseArguments
{
    internal sbyte* Input;
    internal byte* Weights;
    internal int* Bias;
    internal byte* Output;

    /// <summary>Sums of one row; whole vectors are written.</summary>
    internal int* Sums;

    /// <summary>One row of inputs as the kernel multiplies them, where it has to prepare them.</summary>
    internal byte* Prepared;

    /// <summary>Where several rows are summed at once.</summary>
    internal DenseRowsRoom Many;
    internal int Rows;
    internal int Depth;
    internal int Units;

    /// <summary>Runs of neighbours in the weights' depth, each packed to whole steps; 1 for Dense.</summary>
    internal int Segments;
    internal int OutputBytes;
    internal Requantization Requantization;
    internal delegate*<int*, Requantization*, byte*, nint, void> Requantize;
}

/// <summary>The weights and bias of an int8 Dense as they are in the file: [units, depth] and [units] or null.</summary>
internal unsafe struct DensePacking
{
    internal sbyte* Weights;
    internal int* Bias;
    internal int Units;
    internal int Depth;
    internal int InputZeroPoint;

    /// <summary>Runs of neighbours that the depth falls into, each of whole steps; 1 for Dense.</summary>
    internal int Segments;

    /// <summary>The weights alone, so that operators with another bias share them.</summary>
    internal readonly DensePacking WeightsOnly => this with { Bias = null, InputZeroPoint = 0 };

    internal readonly int SegmentDepth => Depth / Segments;

    /// <summary>Whether some weight is −128, whose products with −128 are one too large for 15 bits.</summary>
    internal readonly bool HasLowest() => new ReadOnlySpan<sbyte>(Weights, Units * Depth).Contains(sbyte.MinValue);

    // Σ w(x − z) = Σ wx − z Σ w: the last term does not depend on x and joins the bias. int32 wraps, so the sum is exact
    // modulo 2³² in any order.
    internal readonly int FoldedBias(int unit, int inputOffset)
    {
        int sum = 0;
        for (int i = 0; i < Depth; i++)
        {
            sum += Weights[((long)unit * Depth) + i];
        }

        return (Bias == null ? 0 : Bias[unit]) - ((InputZeroPoint + inputOffset) * sum);
    }
}
