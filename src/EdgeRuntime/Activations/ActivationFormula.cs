namespace EdgeInference.Runtime.Activations;

/// <summary>A float32 activation: what applies it to n elements, (source, destination, n, α, β).</summary>
/// <param name="fast">By the widest vectors of this processor.</param>
/// <param name="scalar">One element at a time, with the same bits.</param>
internal readonly unsafe struct ActivationFormula(
    delegate*<float*, float*, nint, float, float, void> fast, delegate*<float*, float*, nint, float, float, void> scalar)
{
    internal delegate*<float*, float*, nint, float, float, void> Fast => fast;

    internal delegate*<float*, float*, nint, float, float, void> Scalar => scalar;
}
