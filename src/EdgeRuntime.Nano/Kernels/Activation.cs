using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>One activation function with its parameters, applied to float32 arrays.</summary>
    internal sealed class Activation
    {
        private readonly ActivationKind kind;
        private readonly float alpha;
        private readonly float beta;

        internal Activation(ActivationKind kind, float alpha, float beta)
        {
            this.kind = kind;
            this.alpha = alpha;
            this.beta = beta;
        }

        /// <summary>The activation of an operator whose parameters name its kind at <paramref name="kind"/> and α and β after it.</summary>
        internal static Activation Of(BindContext context, int kind)
        {
            return new Activation((ActivationKind)context.Operator.Int(kind), context.Operator.Float(kind + 1), context.Operator.Float(kind + 2));
        }

        /// <summary>y[i] = f(x[i]) for the first <paramref name="n"/> elements; both may be one array.</summary>
        internal void Apply(float[] x, float[] y, int n)
        {
            if (kind == ActivationKind.Linear)
            {
                if (x != y)
                {
                    Array.Copy(x, y, n);
                }

                return;
            }

            if (kind == ActivationKind.ReLU)
            {
                for (int i = 0; i < n; i++)
                {
                    float value = x[i];
                    y[i] = value < 0f ? 0f : value;
                }

                return;
            }

            for (int i = 0; i < n; i++)
            {
                y[i] = FloatMath.Activate(kind, x[i], alpha, beta);
            }
        }
    }
}
