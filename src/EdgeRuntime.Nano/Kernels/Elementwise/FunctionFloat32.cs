using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>The functions of the operator Binary in float32 with broadcasting.</summary>
    internal sealed class FunctionFloat32 : BroadcastFloat32
    {
        private readonly BinaryKind kind;

        internal FunctionFloat32(BindContext context)
            : base(context)
        {
            kind = (BinaryKind)context.Operator.Int(BinaryRule.Kind);
        }

        protected override void RunRow(float[] left, float[] right, float[] y, int offsetA, int offsetB, int stepA, int stepB, int index, int end)
        {
            switch (kind)
            {
                case BinaryKind.Min:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        float p = left[offsetA];
                        float q = right[offsetB];
                        y[index] = (p - q < 0f && q == q) || p != p ? p : q;
                    }

                    break;
                case BinaryKind.Max:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        float p = left[offsetA];
                        float q = right[offsetB];
                        y[index] = (0f < p - q && q == q) || p != p ? p : q;
                    }

                    break;
                default:
                    for (; index < end; index++, offsetA += stepA, offsetB += stepB)
                    {
                        y[index] = Invoke(left[offsetA], right[offsetB]);
                    }

                    break;
            }
        }

        private float Invoke(float p, float q)
        {
            switch (kind)
            {
                case BinaryKind.Pow: return FloatPowers.Pow(p, q);
                case BinaryKind.Mod:
                    float remainder = Remainder(p, q);
                    return remainder != 0f && remainder < 0f != q < 0f ? remainder + q : remainder;
                case BinaryKind.Remainder: return Remainder(p, q);
                case BinaryKind.Equal: return p == q ? 1f : 0f;
                case BinaryKind.Less: return p < q ? 1f : 0f;
                case BinaryKind.LessOrEqual: return p <= q ? 1f : 0f;
                case BinaryKind.And: return p != 0f && q != 0f ? 1f : 0f;
                case BinaryKind.Or: return p != 0f || q != 0f ? 1f : 0f;
                case BinaryKind.Xor: return p != 0f != (q != 0f) ? 1f : 0f;
                default: throw new InvalidOperationException();
            }
        }

        // The interpreter throws where the divisor is 0.
        private static float Remainder(float p, float q)
        {
            return q == 0f ? float.NaN : p % q;
        }
    }
}
