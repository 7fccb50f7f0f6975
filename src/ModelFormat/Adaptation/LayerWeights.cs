namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// The last Dense layer as the heads take it: weights as the file has them, and a multiplier of 31 bits and a shift for each unit that
    /// make logits of its sums. logit = step · multiplier · 2^(shift − 31) · sum; the product of step and multiplier is rounded once.
    /// </summary>
    internal static class LayerWeights
    {
        private const int MantissaBits = 23;

        public static void Read(HeadSettings settings, ModelFile file, OperatorRecord dense, int start)
        {
            ModelBytes bytes = file.Bytes;
            int stepAt = start + AdaptationRecord.LogitStepOffset;
            int step = bytes.I32(stepAt);
            int exponent = (step >> MantissaBits) & 255;
            if (step <= 0 || exponent == 0 || exponent == 255)
            {
                throw new ModelFormatException("contract", stepAt, "the logit step of the learning heads is not a finite number above 0");
            }

            settings.Weights = Weights(bytes, dense.Input(1));
            settings.Bias = new long[settings.Units];
            settings.Multipliers = new int[settings.Units];
            settings.Shifts = new int[settings.Units];
            TensorInfo multipliers = dense.Input(3);
            TensorInfo shifts = dense.Input(4);
            int mantissa = (step & ((1 << MantissaBits) - 1)) | (1 << MantissaBits);
            for (int unit = 0; unit < settings.Units; unit++)
            {
                int channel = multipliers.Elements == 1 ? 0 : unit;
                long product = (long)mantissa * bytes.I32(multipliers.Offset + (4 * channel));
                settings.Multipliers[unit] = (int)((product + (1 << MantissaBits)) >> (MantissaBits + 1));

                // What is left to divide by: 2^31 of the multiplier, what the mantissa has, the bits cut off above, and the fraction's.
                int power = exponent - 127 - MantissaBits + (sbyte)bytes.U8(shifts.Offset + channel) - 31 + MantissaBits + 1 + settings.FractionBits;
                if (power > 0)
                {
                    throw new ModelFormatException("contract", stepAt, "the logit step of the learning heads is too large for their fraction bits");
                }

                settings.Shifts[unit] = -power;
                settings.Bias[unit] = dense.InputCount > 2 && dense.Input(2) != null ? Bias(bytes, dense.Input(2), unit) : 0;
            }
        }

        private static short[] Weights(ModelBytes bytes, TensorInfo weights)
        {
            int depth = weights.LastDimension;
            int units = weights.Dimension(0);
            short[] all = new short[units * depth];
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < depth; i++)
                {
                    int at = weights.Offset + (unit * depth * (weights.Rank - 1)) + i;
                    int weight = (sbyte)bytes.U8(at);
                    all[(unit * depth) + i] = (short)(weights.Rank == 3 ? (256 * weight) + (sbyte)bytes.U8(at + depth) : weight);
                }
            }

            return all;
        }

        private static long Bias(ModelBytes bytes, TensorInfo bias, int unit)
        {
            if (bias.Type == TensorType.Int32)
            {
                return bytes.I32(bias.Offset + (4 * unit));
            }

            int at = bias.Offset + (8 * unit);
            return ((long)bytes.I32(at + 4) << 32) | (uint)bytes.I32(at);
        }
    }
}
