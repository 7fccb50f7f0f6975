using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>An activation with its parameters.</summary>
internal unsafe struct RecurrentFunction
{
    private delegate*<float*, float*, nint, float, float, void> function;
    private float alpha;
    private float beta;

    internal static RecurrentFunction Of(OperatorRecord parameters, int index)
    {
        int position = RecurrentRule.Activations + (3 * index);
        return new RecurrentFunction
        {
            function = ActivationFormulas.Get((ActivationKind)parameters.Int(position)).Fast,
            alpha = parameters.Float(position + 1),
            beta = parameters.Float(position + 2),
        };
    }

    internal readonly void Apply(float* values, int count) => function(values, values, count, alpha, beta);
}
