using ModelFormat;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Quantize: clamp(round((x − offset) / scale) + zero point), ties away from zero; NaN gives the zero point.</summary>
    internal sealed class QuantizeFloat32 : NanoKernel
    {
        private readonly float[] input;
        private readonly float[] offsets;
        private readonly float[] scales;
        private readonly sbyte[] output8;
        private readonly short[] output16;
        private readonly int elements;
        private readonly int features;
        private readonly float scale;
        private readonly int zeroPoint;

        internal QuantizeFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            offsets = context.InputFloats(1);
            scales = context.InputFloats(2);
            output8 = context.OutputInt8s();
            output16 = context.OutputInt16s();
            elements = context.Input(0).Elements;
            features = context.Input(0).LastDimension;
            scale = context.Output().Scale;
            zeroPoint = context.Output().ZeroPoint;
        }

        internal override void Run()
        {
            float[] x = input;
            float[] offset = offsets;
            float[] divisor = scales;
            int feature = 0;
            for (int i = 0; i < elements; i++)
            {
                float value = offset == null ? x[i] : x[i] - offset[feature];
                value = FloatMath.Divide(value, divisor == null ? scale : divisor[feature]);
                if (output8 != null)
                {
                    output8[i] = (sbyte)FloatMath.Round(value, zeroPoint, sbyte.MinValue, sbyte.MaxValue);
                }
                else
                {
                    output16[i] = (short)FloatMath.Round(value, zeroPoint, short.MinValue, short.MaxValue);
                }

                feature = feature + 1 == features ? 0 : feature + 1;
            }
        }
    }
}
