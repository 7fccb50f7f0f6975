using System;
using ModelFormat;
using ModelFormat.Rules;

namespace EdgeRuntime.Nano.Kernels
{
    /// <summary>Dense in float32: inputs in locals, eight at a time, weights in the order that they are read in.</summary>
    internal sealed class DenseFloat32 : NanoKernel
    {
        private const int Group = 8;

        private readonly float[] input;
        private readonly float[] output;
        private readonly int rows;
        private readonly int depth;
        private readonly int units;
        private readonly float[] bias;
        private readonly float[] weights;
        private readonly float[] sums;
        private readonly Activation activation;

        internal DenseFloat32(BindContext context)
        {
            TensorRecord tensor = context.Input(1);
            units = tensor.Dimension(0);
            depth = tensor.Dimension(1);
            rows = context.Input(0).Elements / depth;
            input = context.InputFloats(0);
            output = (float[])context.OutputElements();
            bias = context.Operator.HasInput(2) ? context.InputFloats(2) : new float[units];
            weights = Order(context.FileBytes, tensor.Offset);
            sums = new float[units];
            activation = new Activation(
                (ActivationKind)context.Operator.Int(DenseRule.Activation),
                context.Operator.Float(DenseRule.Alpha),
                context.Operator.Float(DenseRule.Beta));
        }

        internal override void Run()
        {
            for (int row = 0; row < rows; row++)
            {
                Array.Copy(bias, sums, units);
                Accumulate(row * depth);
                Array.Copy(sums, 0, output, row * units, units);
            }

            activation.Apply(output, output, rows * units);
        }

        private void Accumulate(int start)
        {
            float[] x = input;
            float[] w = weights;
            float[] s = sums;
            int n = units;
            int whole = start + depth - (depth % Group);
            int end = start + depth;
            int k = 0;
            int i = start;
            for (; i < whole; i += Group)
            {
                float x0 = x[i];
                float x1 = x[i + 1];
                float x2 = x[i + 2];
                float x3 = x[i + 3];
                float x4 = x[i + 4];
                float x5 = x[i + 5];
                float x6 = x[i + 6];
                float x7 = x[i + 7];
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] = s[unit] + (x0 * w[k]) + (x1 * w[k + 1]) + (x2 * w[k + 2]) + (x3 * w[k + 3])
                        + (x4 * w[k + 4]) + (x5 * w[k + 5]) + (x6 * w[k + 6]) + (x7 * w[k + 7]);
                    k += Group;
                }
            }

            for (; i < end; i++)
            {
                float x0 = x[i];
                for (int unit = 0; unit < n; unit++)
                {
                    s[unit] += x0 * w[k];
                    k++;
                }
            }
        }

        // [group][unit][input of the group], the rest of the inputs singly.
        private float[] Order(byte[] bytes, int offset)
        {
            float[] ordered = new float[units * depth];
            int whole = depth - (depth % Group);
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < depth; i++)
                {
                    int slot = i < whole ? ((((i / Group) * units) + unit) * Group) + (i % Group) : (i * units) + unit;
                    ordered[slot] = BitConverter.ToSingle(bytes, offset + (((unit * depth) + i) * 4));
                }
            }

            return ordered;
        }
    }
}
