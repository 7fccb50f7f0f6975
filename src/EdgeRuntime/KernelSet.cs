namespace EdgeInference.Runtime;

/// <summary>Which kernels a session uses.</summary>
public enum KernelSet
{
    /// <summary>The fastest this processor can run.</summary>
    Fast,

    /// <summary>The scalar reference that the fast kernels are tested against; bit-identical in fixed point.</summary>
    Reference,
}
