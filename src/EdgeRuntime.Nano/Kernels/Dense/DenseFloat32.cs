using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>Dense in float32.</summary>
    internal sealed class DenseFloat32 : DenseRows
    {
        private readonly float[] input;
        private readonly float[] output;
        private readonly int elements;
        private readonly float[] bias;
        private readonly FloatMatrix matrix;
        private readonly float[] sums;
        private readonly Activation activation;

        internal DenseFloat32(BindContext context, DenseShape shape, float[] input)
            : base(context, shape)
        {
            this.input = input;
            output = (float[])context.OutputElements();
            elements = context.Output().Elements;
            bias = new float[Units];
            if (context.Operator.HasInput(2))
            {
                Array.Copy(context.InputFloats(2), shape.First, bias, 0, Units);
            }

            matrix = new FloatMatrix(context.FileBytes, shape.WeightsOffset, shape.Depth, Units, shape.Depth);
            sums = new float[Units];
            activation = Activation.Of(context, DenseRule.Activation);
        }

        internal override void Row(int start, int index)
        {
            Array.Copy(bias, sums, Units);
            matrix.Accumulate(input, start, sums);
            Array.Copy(sums, 0, output, index, Units);
        }

        internal override void Finish()
        {
            activation.Apply(output, output, elements);
        }
    }
}
