namespace EdgeInference.Runtime.Simd.Float;

/// <summary>A function that the runtime's library has and that has no formula in vectors.</summary>
internal interface ILibraryFunction
{
    static abstract float Of(float x);
}
