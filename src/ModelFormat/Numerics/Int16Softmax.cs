namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// The steps of TensorFlow Lite's Softmax on int16 (its reference SoftmaxInt16): e^x and 1 / (1 + x) come from tables of
    /// 513 int16 entries with linear interpolation, which the file carries, so that every engine has the same.
    /// </summary>
    internal static class Int16Softmax
    {
        /// <summary>Entries of a table: one for each 128 inputs, and the end of the last stretch.</summary>
        public const int TableLength = 513;

        /// <summary>The entry at which the interpolation for an int16 begins.</summary>
        public static int TableIndex(int x)
        {
            return 256 + (x >> 7);
        }

        /// <summary>Interpolates between that entry and the next.</summary>
        public static int Interpolate(int x, int entry, int next)
        {
            return (short)(entry + ((((short)(next - entry) * (x & 127)) + 64) >> 7));
        }

        /// <summary>What the table of e^x is asked for a difference to the row's maximum: −10 to 0 as −32768 to 32767.</summary>
        /// <param name="difference">−65535 to 0.</param>
        /// <param name="multiplier">Of scale·β / (10/65535).</param>
        /// <param name="shift">Its power of two.</param>
        public static int ExponentialInput(int difference, int multiplier, int shift)
        {
            int scaled = FixedPoint.Requantize(difference, multiplier, shift) + short.MaxValue;
            return scaled < short.MinValue ? short.MinValue : scaled > short.MaxValue ? short.MaxValue : scaled;
        }

        /// <summary>Leading zeros of a sum of exponentials, which is 1 or more.</summary>
        public static int Headroom(int sum)
        {
            int zeros = 0;
            while (sum > 0)
            {
                sum <<= 1;
                zeros++;
            }

            return zeros;
        }

        /// <summary>What the table of 1 / (1 + x) is asked: the sum between 1 and 2, less 1, as −32768 to 32767.</summary>
        public static int ReciprocalInput(int sum, int headroom)
        {
            int shifted = (int)((((long)sum << (headroom - 1)) + (1 << 13)) >> 14);
            int centred = shifted - (1 << 15) - (1 << 16);
            return centred < short.MinValue ? short.MinValue : centred > short.MaxValue ? short.MaxValue : centred;
        }

        /// <summary>One probability, 0 to 32767 for 0 to 1.</summary>
        public static int Output(int exponential, int reciprocal, int headroom)
        {
            int shift = 31 - headroom;
            int result = (int)((((long)exponential * reciprocal) + (1L << (shift - 1))) >> shift);
            return result < 0 ? 0 : result > short.MaxValue ? short.MaxValue : result;
        }
    }
}
