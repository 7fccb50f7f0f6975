using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Quantize: clamp(round((x − offset) / scale) + zero point), ties away from zero; NaN gives the zero point.</summary>
    /// <remarks>
    /// Divided by half the scale, which is exact, a value is doubled, and its integer part i rounds to (i + 1 + (i &gt;&gt; 31)) &gt;&gt; 1:
    /// no call, where a call costs the interpreter as much as eight instructions.
    /// </remarks>
    internal sealed class QuantizeFloat32 : NanoKernel
    {
        // Half of a scale below this may not be exact.
        private const float SmallestScale = 1e-37f;

        private readonly float[] input;
        private readonly float[] offsets;
        private readonly float[] halfScales;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int elements;
        private readonly int features;
        private readonly int zeroPoint;
        private readonly bool isPlain;
        private readonly int min;
        private readonly int max;

        internal QuantizeFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            offsets = context.InputFloats(1);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            elements = context.Input(0).Elements;
            features = context.Input(0).LastDimension;
            zeroPoint = context.Output().ZeroPoint;
            min = output8 != null ? sbyte.MinValue : short.MinValue;
            max = output8 != null ? sbyte.MaxValue : short.MaxValue;
            halfScales = new float[features];
            for (int i = 0; i < features; i++)
            {
                halfScales[i] = context.Operator.HasInput(2) ? context.InputFloats(2)[i] : context.Output().Scale;
                isPlain |= halfScales[i] < SmallestScale && -SmallestScale < halfScales[i];
            }

            for (int i = 0; i < features && !isPlain; i++)
            {
                halfScales[i] *= 0.5f;
            }
        }

        internal override void Run()
        {
            float[] x = input;
            float[] offset = offsets;
            float[] divisor = halfScales;
            sbyte[] y8 = output8;
            short[] y16 = output16;
            int last = features - 1;
            int twice = 1 + (2 * zeroPoint);
            float low = 2f * (min - zeroPoint);
            float high = 2f * (max - zeroPoint);
            bool plain = isPlain;
            int feature = 0;
            for (int i = 0; i < elements; i++)
            {
                float value = x[i];
                if (offset != null)
                {
                    value -= offset[feature];
                }

                int result;
                if (plain)
                {
                    result = FloatMath.Round(FloatMath.Divide(value, divisor[feature]), zeroPoint, min, max);
                }
                else
                {
                    value /= divisor[feature];
                    if (low <= value && value <= high)
                    {
                        int n = (int)value;
                        result = (n + (n >> 31) + twice) >> 1;
                    }
                    else
                    {
                        // 0 / value is 0 for an infinity and NaN for NaN, which nanoFramework takes for greater than any number.
                        result = !(0f / value == 0f) ? zeroPoint : high < value ? max : min;
                    }
                }

                if (y8 != null)
                {
                    y8[i] = (sbyte)result;
                }
                else
                {
                    y16[i] = (short)result;
                }

                feature = feature == last ? 0 : feature + 1;
            }
        }
    }
}
