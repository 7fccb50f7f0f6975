using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.DeviceTests
{
    /// <summary>
    /// What the other forms are measured against: a perceptron as one would write it by hand, a double loop over each layer's
    /// int8 weights in an array and a call of the requantization for each unit.
    /// </summary>
    public sealed class PlainModel
    {
        private readonly ModelFile file;
        private readonly Layer[] layers;
        private readonly float[] offsets;
        private readonly float[] scales;
        private readonly sbyte[] quantized;
        private readonly OperatorRecord softmax;

        /// <summary>Copies the weights out of a model of Quantize, Dense, Softmax and Dequantize operators.</summary>
        public PlainModel(byte[] bytes)
        {
            file = NanoModel.Load(bytes).File;
            int dense = 0;
            for (int i = 0; i < file.OperatorCount; i++)
            {
                dense += file.Operator(i).Opcode == Opcode.Dense ? 1 : 0;
            }

            layers = new Layer[dense];
            dense = 0;
            for (int i = 0; i < file.OperatorCount; i++)
            {
                OperatorRecord record = file.Operator(i);
                switch (record.Opcode)
                {
                    case Opcode.Dense:
                        layers[dense++] = new Layer(record, bytes);
                        break;
                    case Opcode.Quantize:
                        offsets = Floats(record, 1, bytes);
                        scales = Floats(record, 2, bytes);
                        break;
                    case Opcode.Softmax:
                        softmax = record;
                        break;
                    case Opcode.Dequantize:
                        break;
                    default:
                        throw new ArgumentException("The plain model has no " + record.Name + ".");
                }
            }

            quantized = new sbyte[file.Inputs[0].Elements];
        }

        /// <summary>Runs one inference from float32 to float32.</summary>
        public void Run(float[] input, float[] output)
        {
            TensorInfo first = file.Operator(0).Outputs[0];
            for (int i = 0; i < input.Length; i++)
            {
                float value = offsets == null ? input[i] : input[i] - offsets[i];
                quantized[i] = (sbyte)FloatMath.Round(value / (scales == null ? first.Scale : scales[i]), first.ZeroPoint, -128, 127);
            }

            int[] last = RunLayers(quantized);
            if (softmax != null)
            {
                Softmax(last);
            }

            TensorInfo result = file.Operator(file.OperatorCount - 1).Inputs[0];
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = result.Scale * (last[i] - result.ZeroPoint);
            }
        }

        /// <summary>Runs the layers alone, int8 to int8.</summary>
        public void Run(sbyte[] input, sbyte[] output)
        {
            int[] last = RunLayers(input);
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = (sbyte)last[i];
            }
        }

        private int[] RunLayers(sbyte[] input)
        {
            sbyte[] x = input;
            for (int i = 0; i < layers.Length; i++)
            {
                layers[i].Run(x);
                x = layers[i].Narrow;
            }

            return layers[layers.Length - 1].Output;
        }

        private void Softmax(int[] x)
        {
            int max = x[0];
            for (int i = 1; i < x.Length; i++)
            {
                max = x[i] > max ? x[i] : max;
            }

            int sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                if (x[i] - max >= softmax.Int(SoftmaxRule.DifferenceMin))
                {
                    sum += FixedPoint.RoundingDivideByPowerOfTwo(Exponential(x[i] - max), 12);
                }
            }

            int headroom = 0;
            while ((sum << headroom) > 0)
            {
                headroom++;
            }

            int reciprocal = FixedPointExponential.ReciprocalOfOnePlus((int)(((uint)sum << headroom) - 0x80000000u));
            bool isWide = softmax.Outputs[0].Type == TensorType.Int16;
            int min = isWide ? short.MinValue : sbyte.MinValue;
            int shift = 12 - headroom + 31 - (isWide ? 16 : 8);
            for (int i = 0; i < x.Length; i++)
            {
                int value = min;
                if (x[i] - max >= softmax.Int(SoftmaxRule.DifferenceMin))
                {
                    value = FixedPoint.RoundingDivideByPowerOfTwo(FixedPoint.SaturatingRoundingDoublingHighMul(reciprocal, Exponential(x[i] - max)), shift) + min;
                }

                x[i] = value > -min - 1 ? -min - 1 : value;
            }
        }

        private int Exponential(int difference)
        {
            return FixedPointExponential.OfNegative(FixedPoint.SaturatingRoundingDoublingHighMul(difference << softmax.Int(SoftmaxRule.LeftShift), softmax.Int(SoftmaxRule.Multiplier)));
        }

        private static float[] Floats(OperatorRecord record, int position, byte[] bytes)
        {
            if (!record.HasInput(position))
            {
                return null;
            }

            float[] values = new float[record.Inputs[position].Elements];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = BitConverter.ToSingle(bytes, record.Inputs[position].Offset + (i * 4));
            }

            return values;
        }

        private sealed class Layer
        {
            private readonly sbyte[] weights;
            private readonly int[] bias;
            private readonly int[] multipliers;
            private readonly int[] shifts;
            private readonly int[] table;
            private readonly int depth;
            private readonly int inputZeroPoint;
            private readonly int zeroPoint;
            private readonly int min;
            private readonly int max;

            internal Layer(OperatorRecord record, byte[] bytes)
            {
                TensorInfo tensor = record.Inputs[1];
                int units = tensor.Dimension(0);
                depth = tensor.Dimension(1);
                weights = new sbyte[tensor.Elements];
                for (int i = 0; i < weights.Length; i++)
                {
                    weights[i] = (sbyte)bytes[tensor.Offset + i];
                }

                bias = Ints(record, 2, units, bytes);
                multipliers = Ints(record, 3, units, bytes);
                shifts = Ints(record, 4, units, bytes);
                if (record.HasInput(5))
                {
                    table = new int[256];
                    TensorInfo entries = record.Inputs[5];
                    for (int i = 0; i < table.Length; i++)
                    {
                        table[i] = entries.Type == TensorType.Int8 ? (sbyte)bytes[entries.Offset + i] : BitConverter.ToInt16(bytes, entries.Offset + (i * 2));
                    }
                }

                inputZeroPoint = record.Inputs[0].ZeroPoint;
                zeroPoint = record.Int(DenseRule.ZeroPoint);
                min = record.Int(DenseRule.Min);
                max = record.Int(DenseRule.Max);
                Output = new int[units];
                Narrow = new sbyte[units];
            }

            internal int[] Output { get; private set; }

            internal sbyte[] Narrow { get; private set; }

            internal void Run(sbyte[] input)
            {
                sbyte[] w = weights;
                int n = depth;
                int zero = inputZeroPoint;
                for (int unit = 0; unit < Output.Length; unit++)
                {
                    int sum = bias[unit];
                    int offset = unit * n;
                    for (int i = 0; i < n; i++)
                    {
                        sum += w[offset + i] * (input[i] - zero);
                    }

                    int value = FixedPoint.Requantize(sum, multipliers[unit], shifts[unit]) + zeroPoint;
                    value = value < min ? min : value > max ? max : value;
                    value = table == null ? value : table[value + 128];
                    Output[unit] = value;
                    Narrow[unit] = (sbyte)value;
                }
            }

            private static int[] Ints(OperatorRecord record, int position, int count, byte[] bytes)
            {
                int[] values = new int[count];
                if (record.HasInput(position))
                {
                    TensorInfo tensor = record.Inputs[position];
                    for (int i = 0; i < count; i++)
                    {
                        int element = tensor.Elements == 1 ? 0 : i;
                        values[i] = tensor.Type == TensorType.Int8 ? (sbyte)bytes[tensor.Offset + element] : BitConverter.ToInt32(bytes, tensor.Offset + (element * 4));
                    }
                }

                return values;
            }
        }
    }
}
