using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Activations;

/// <content>Linear, the identity: y = x.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula Linear = Row(ActivationKind.Linear, new ActivationFormula(&Copy, &Copy));

    private static void Copy(float* x, float* y, nint n, float alpha, float beta)
    {
        if (x != y)
        {
            Buffer.MemoryCopy(x, y, n * 4, n * 4);
        }
    }
}
