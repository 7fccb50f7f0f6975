using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Dequantize from int8 or int16: scale · (x − zero point), one float32 multiplication.</summary>
    internal sealed class Dequantize : NanoKernel
    {
        private readonly sbyte[] input8;
        private readonly short[] input16;
        private readonly float[] output;
        private readonly int elements;
        private readonly float scale;
        private readonly int zeroPoint;

        internal Dequantize(BindContext context)
        {
            TensorInfo tensor = context.Input(0);
            input8 = tensor.Type == TensorType.Int8 ? context.InputInt8s(0) : null;
            input16 = tensor.Type == TensorType.Int16 ? (short[])context.InputElements(0) : null;
            output = (float[])context.OutputElements();
            elements = tensor.Elements;
            scale = tensor.Scale;
            zeroPoint = tensor.ZeroPoint;
        }

        internal override void Run()
        {
            float[] y = output;
            int n = elements;
            float s = scale;
            int zero = zeroPoint;
            if (input8 != null)
            {
                sbyte[] x = input8;
                for (int i = 0; i < n; i++)
                {
                    y[i] = s * (x[i] - zero);
                }

                return;
            }

            short[] wide = input16;
            for (int i = 0; i < n; i++)
            {
                y[i] = s * (wide[i] - zero);
            }
        }
    }
}
