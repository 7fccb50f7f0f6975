using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Activations;

/// <content>PReLU, LeakyReLU with a trained slope; α here is the slope of the current channel: y = x for x ≥ 0, else αx.</content>
internal static unsafe partial class ActivationFormulas
{
    internal static readonly ActivationFormula PReLU = Row<LeakyReLUFormula>(ActivationKind.PReLU);
}
