namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// int16 sigmoid and tanh as TensorFlow Lite computes them: straight lines between 256 values of the sigmoid at 0, 1/24, …
    /// 255/24, negative inputs by symmetry, and tanh x = 2·sigmoid(2x) − 1. Outputs have the scale 1/32768; of a table with
    /// other entries than TensorFlow Lite's the low 16 bits of the result are the output. No sum leaves 32 bits.
    /// </summary>
    static partial class SigmoidLines
    {
        /// <summary>Entries of a table, 0 to 65535; 65536 would be 1.</summary>
        public const int Entries = 256;

        /// <summary>What an input of the scale 1/4096 is multiplied with to be a position.</summary>
        public const int Step = 3;

        private const int Last = Entries - 1;
        private const int SigmoidBits = 9;
        private const int TanhBits = 8;

        /// <summary>The position of an int16 in steps of 1/12288.</summary>
        /// <param name="x">−32768 to 32767.</param>
        /// <param name="multiplier">1 to 32767.</param>
        /// <param name="shift">0 to 31, to the right, rounded with ties up.</param>
        public static int Position(int x, int multiplier, int shift)
        {
            return ((x * multiplier) + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;
        }

        /// <summary>1 / (1 + e^−x), x at a position.</summary>
        public static short Sigmoid(int position, int[] table)
        {
            int distance = position < 0 ? -position : position;
            int index = distance >> SigmoidBits;
            int line = short.MaxValue << (SigmoidBits + 1);
            if (index < Last)
            {
                int entry = table[index];
                line = (entry << SigmoidBits) + ((distance & ((1 << SigmoidBits) - 1)) * (table[index + 1] - entry));
            }

            line = position < 0 ? (1 << (16 + SigmoidBits)) - 1 - line : line;
            return (short)((line + (1 << SigmoidBits)) >> (SigmoidBits + 1));
        }

        /// <summary>tanh x, x at a position.</summary>
        public static short Tanh(int position, int[] table)
        {
            int distance = position < 0 ? -position : position;
            int index = distance >> TanhBits;
            int line = ushort.MaxValue << TanhBits;
            if (index < Last)
            {
                int entry = table[index];
                line = (entry << TanhBits) + ((distance & ((1 << TanhBits) - 1)) * (table[index + 1] - entry));
            }

            line -= 1 << (15 + TanhBits);
            return (short)(((position < 0 ? -line - 1 : line) + (1 << (TanhBits - 1))) >> TanhBits);
        }
    }
}
