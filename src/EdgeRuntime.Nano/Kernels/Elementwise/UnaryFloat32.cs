using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

// x != x is the test for NaN that costs the interpreter no call.
#pragma warning disable CS1718

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Functions of one number in float32, element by element; input and output may be one array.</summary>
    internal sealed class UnaryFloat32 : NanoKernel
    {
        // From here on a float32 has no fraction.
        private const float AllWhole = 8388608f;

        private readonly float[] input;
        private readonly float[] output;
        private readonly int elements;
        private readonly UnaryKind kind;
        private readonly float alpha;
        private readonly float beta;

        internal UnaryFloat32(BindContext context)
        {
            input = context.InputFloats(0);
            output = context.OutputFloats(0);
            elements = context.Input(0).Elements;
            kind = (UnaryKind)context.Operator.Int(UnaryRule.Kind);
            alpha = context.Operator.Float(UnaryRule.Alpha);
            beta = context.Operator.Float(UnaryRule.Beta);
        }

        internal override void Run()
        {
            float[] x = input;
            float[] y = output;
            int n = elements;
            switch (kind)
            {
                case UnaryKind.Abs:
                    for (int i = 0; i < n; i++)
                    {
                        float value = x[i];
                        y[i] = value < 0f ? -value : value;
                    }

                    break;
                case UnaryKind.Neg:
                    for (int i = 0; i < n; i++)
                    {
                        y[i] = -x[i];
                    }

                    break;
                case UnaryKind.Square:
                    for (int i = 0; i < n; i++)
                    {
                        float value = x[i];
                        y[i] = value * value;
                    }

                    break;
                case UnaryKind.Clip:
                    Clip(x, y, n);
                    break;
                case UnaryKind.Exp:
                    for (int i = 0; i < n; i++)
                    {
                        y[i] = FloatFunctions.Exp(x[i]);
                    }

                    break;
                case UnaryKind.Sqrt:
                    for (int i = 0; i < n; i++)
                    {
                        y[i] = FloatPowers.Sqrt(x[i]);
                    }

                    break;
                default:
                    for (int i = 0; i < n; i++)
                    {
                        y[i] = Invoke(x[i]);
                    }

                    break;
            }
        }

        // The bound that is compared last wins, so that a minimum above the maximum gives the maximum, as ONNX says.
        private void Clip(float[] x, float[] y, int n)
        {
            float low = alpha;
            float high = beta;
            for (int i = 0; i < n; i++)
            {
                float value = x[i];
                value = value < low ? low : value;
                y[i] = high < value && value == value ? high : value;
            }
        }

        private float Invoke(float x)
        {
            switch (kind)
            {
                case UnaryKind.Log: return FloatPowers.Log(x);
                case UnaryKind.Reciprocal: return FloatMath.Divide(1f, x);
                case UnaryKind.Floor:
                case UnaryKind.Ceil:
                case UnaryKind.Round:
                case UnaryKind.Truncate: return Whole(x);
                case UnaryKind.Sign: return x != x ? x : 0f < x ? 1f : x < 0f ? -1f : x;
                case UnaryKind.Erf: return FloatMath.Erf(x);
                case UnaryKind.Not: return x == 0f ? 1f : 0f;
                case UnaryKind.IsNaN: return x != x ? 1f : 0f;
                case UnaryKind.IsInf: return x != x ? 0f : (alpha != 0f && x < -FloatPowers.Largest) || (beta != 0f && FloatPowers.Largest < x) ? 1f : 0f;
                case UnaryKind.Sin: return FloatAngles.Sin(x);
                case UnaryKind.Cos: return FloatAngles.Cos(x);
                case UnaryKind.Tan: return FloatAngles.Tan(x);
                case UnaryKind.Asin: return FloatAngles.Asin(x);
                case UnaryKind.Acos: return FloatAngles.Acos(x);
                case UnaryKind.Atan: return FloatAngles.Atan(x);
                case UnaryKind.Sinh: return FloatAngles.Sinh(x);
                case UnaryKind.Cosh: return FloatAngles.Cosh(x);
                case UnaryKind.Asinh: return FloatAngles.Asinh(x);
                case UnaryKind.Acosh: return FloatAngles.Acosh(x);
                case UnaryKind.Atanh: return FloatAngles.Atanh(x);
                default: throw new InvalidOperationException();
            }
        }

        private float Whole(float x)
        {
            if (x != x || AllWhole <= x || x <= -AllWhole)
            {
                return x;
            }

            int whole = (int)x;
            float rest = x - whole;
            switch (kind)
            {
                case UnaryKind.Floor: return rest < 0f ? whole - 1 : whole;
                case UnaryKind.Ceil: return 0f < rest ? whole + 1 : whole;
                case UnaryKind.Truncate: return whole;
                default:
                    bool isOdd = (whole & 1) != 0;
                    return 0.5f < rest || (rest == 0.5f && isOdd) ? whole + 1 : rest < -0.5f || (rest == -0.5f && isOdd) ? whole - 1 : whole;
            }
        }
    }
}
