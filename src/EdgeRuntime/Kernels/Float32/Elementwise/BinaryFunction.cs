using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>A function of two float32 numbers.</summary>
internal interface IBinaryFunction
{
    static abstract float Invoke(float a, float b);
}

/// <summary>A function of two float32 numbers, written once for every width.</summary>
internal interface IVectorBinaryFunction
{
    static abstract TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>a + b.</summary>
internal readonly struct Add : IVectorBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => a + b;
}

/// <summary>a − b.</summary>
internal readonly struct Sub : IVectorBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => a - b;
}

/// <summary>a · b.</summary>
internal readonly struct Mul : IVectorBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => a * b;
}

/// <summary>a / b.</summary>
internal readonly struct Div : IVectorBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector>(TVector a, TVector b)
        where TVector : struct, IFloatVector<TVector>
        => a / b;
}
