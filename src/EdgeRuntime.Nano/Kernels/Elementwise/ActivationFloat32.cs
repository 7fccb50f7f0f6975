using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Activation functions in float32, element by element; PReLU has a slope for each channel.</summary>
    internal sealed class ActivationFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly float[] slopes;
        private readonly int elements;
        private readonly int channels;
        private readonly Activation activation;

        internal ActivationFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = (float[])context.OutputElements();
            elements = context.Input(0).Elements;
            channels = context.Input(0).LastDimension;
            ActivationKind kind = (ActivationKind)context.Operator.Int(ActivationRule.Kind);
            if (kind == ActivationKind.PReLU)
            {
                slopes = context.InputFloats(1);
                return;
            }

            activation = new Activation(kind, context.Operator.Float(ActivationRule.Alpha), context.Operator.Float(ActivationRule.Beta));
        }

        internal override void Run()
        {
            if (slopes == null)
            {
                activation.Apply(input, output, elements);
                return;
            }

            float[] x = input;
            float[] y = output;
            float[] slope = slopes;
            int channel = 0;
            for (int i = 0; i < elements; i++)
            {
                float value = x[i];
                y[i] = 0f <= value ? value : slope[channel] * value;
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
        }
    }
}
