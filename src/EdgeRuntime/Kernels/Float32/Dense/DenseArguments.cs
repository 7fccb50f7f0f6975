using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels.Float32.Elementwise;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>What a bound float32 Dense knows. Weights are row-major or packed, as its kernel reads them.</summary>
internal unsafe struct DenseArguments
{
    internal float* Input;
    internal float* Weights;

    /// <summary>Null only for kernels that read weights in place.</summary>
    internal float* Bias;
    internal float* Output;
    internal int Rows;
    internal int Depth;
    internal int Units;
    internal FusedReluKind Relu;
    internal float Alpha;
    internal float Beta;

    /// <summary>Applied to all outputs at the end; null if the fused ReLU has done it.</summary>
    internal delegate*<float*, float*, nint, float, float, void> Activation;

    internal DenseRowsRoom Many;

    /// <summary>Leaves an activation to the fused ReLU where it can do it.</summary>
    internal void Fuse(ActivationKind kind)
    {
        Relu = FusedRelu.Kind(kind);
        if (kind == ActivationKind.Linear || Relu != FusedReluKind.None)
        {
            Activation = null;
        }
    }
}

/// <summary>The weights and bias of a float32 Dense as they are in the file: [units, depth] and [units] or null.</summary>
internal unsafe struct DensePacking
{
    internal float* Weights;
    internal float* Bias;
    internal int Units;
    internal int Depth;

    /// <summary>The weights alone, so that operators with another bias share them.</summary>
    internal readonly DensePacking WeightsOnly => this with { Bias = null };

    /// <summary>The bias alone.</summary>
    internal readonly DensePacking BiasOnly => this with { Weights = null };
}
