using System;

namespace EdgeInference.ModelFormat.Adaptation
{
    /// <summary>
    /// How unlike the normal samples a hidden vector is: the mean over its elements of (x − mean)² / variance, each at most 64; 1 for a typical one. Mean,
    /// variance and the threshold come from normal samples only. Scores go into a histogram of eight bins an octave, in whose bin of the
    /// quantile the threshold lies, as if its scores were spread evenly.
    /// </summary>
    /// <remarks>
    /// int16 elements are cut to 12 bits. No sum leaves 64 bits: with at most 4096 samples of at most 11 bits and a sign, n·x − Σx is below
    /// 2²⁴, its square below 2⁴⁸ and with 8 fraction bits below 2⁵⁶. At 4096 samples all sums are halved, so that what is new counts.
    /// </remarks>
    internal sealed class AnomalyHead
    {
        /// <summary>Samples at which the sums are halved.</summary>
        public const int MaxSamples = 4096;

        /// <summary>Fraction bits of a score.</summary>
        public const int FractionBits = 8;

        private const int Bins = 128;
        private const int BinsOfOctave = 8;

        // What an element counts at the most, eight standard deviations: no unit that was silent so far decides alone.
        private const int LargestShare = 64 << FractionBits;

        private const int MaxCount = 65535;

        private readonly HeadSettings settings;
        private readonly int depth;
        private readonly int[] sums;
        private readonly long[] squares;
        private readonly ushort[] histogram = new ushort[Bins];
        private int scored;

        public AnomalyHead(HeadSettings settings)
        {
            this.settings = settings;
            depth = settings.Depth;
            sums = new int[depth];
            squares = new long[depth];
        }

        /// <summary>Normal samples, halved with the sums.</summary>
        public int Samples { get; private set; }

        /// <summary>The score from which on a sample is an anomaly, with <see cref="FractionBits"/>; 0 before the first.</summary>
        public int Threshold { get; private set; }

        /// <summary>Bytes in a state file.</summary>
        public static int Bytes(HeadSettings settings)
        {
            return 4 + (12 * settings.Depth) + (2 * Bins);
        }

        public void Reset()
        {
            Samples = 0;
            Threshold = 0;
            scored = 0;
            Array.Clear(sums, 0, depth);
            Array.Clear(squares, 0, depth);
            Array.Clear(histogram, 0, Bins);
        }

        /// <summary>The score of a hidden vector, with <see cref="FractionBits"/>; 0 before two normal samples are known.</summary>
        public int Score(short[] input)
        {
            if (Samples < 2)
            {
                return 0;
            }

            long n = Samples;

            // 1/8, a little more than the variance of rounding: what was constant in normal samples may differ by one.
            long floor = ((n * n) + 7) >> 3;
            long total = 0;
            for (int i = 0; i < depth; i++)
            {
                long difference = (n * Cut(input[i])) - sums[i];
                long variance = (n * squares[i]) - ((long)sums[i] * sums[i]);
                long share = ((difference * difference) << FractionBits) / (floor + (variance < 0 ? 0 : variance));
                total += share > LargestShare ? LargestShare : share;
            }

            return (int)(total / depth);
        }

        /// <summary>Learns a normal sample: its score counts for the threshold before it is part of what is normal.</summary>
        public void Learn(short[] input)
        {
            if (Samples >= settings.WarmUp)
            {
                Count(Score(input));
            }

            if (Samples == MaxSamples)
            {
                Samples >>= 1;
                for (int i = 0; i < depth; i++)
                {
                    sums[i] >>= 1;
                    squares[i] >>= 1;
                }
            }

            Samples++;
            for (int i = 0; i < depth; i++)
            {
                int x = Cut(input[i]);
                sums[i] += x;
                squares[i] += x * x;
            }
        }

        public void Write(StateBytes state)
        {
            state.WriteInt(Samples);
            for (int i = 0; i < depth; i++)
            {
                state.WriteInt(sums[i]);
                state.WriteLong(squares[i]);
            }

            for (int i = 0; i < Bins; i++)
            {
                state.WriteShort(histogram[i]);
            }
        }

        /// <summary>Takes what was written, or says what is wrong with it.</summary>
        public string Read(StateBytes state)
        {
            Samples = state.ReadInt();
            if (Samples < 0 || Samples > MaxSamples)
            {
                Samples = 0;
                return "it has more normal samples than one can have";
            }

            for (int i = 0; i < depth; i++)
            {
                sums[i] = state.ReadInt();
                squares[i] = state.ReadLong();
                bool fits = sums[i] <= Samples * 2048 && sums[i] >= Samples * -2048 && squares[i] >= 0 && squares[i] <= Samples * 4194304L;
                if (!fits)
                {
                    return "a sum of normal samples is more than they can make";
                }
            }

            scored = 0;
            for (int i = 0; i < Bins; i++)
            {
                histogram[i] = (ushort)state.ReadShort();
                scored += histogram[i];
            }

            SetThreshold();
            return null;
        }

        private void Count(int score)
        {
            int bin = Bin(score);
            if (histogram[bin] == MaxCount)
            {
                scored = 0;
                for (int i = 0; i < Bins; i++)
                {
                    histogram[i] >>= 1;
                    scored += histogram[i];
                }
            }

            histogram[bin]++;
            scored++;
            SetThreshold();
        }

        private void SetThreshold()
        {
            Threshold = 0;
            if (scored == 0)
            {
                return;
            }

            long needed = (((long)scored * settings.Quantile) + 32767) >> 15;
            int bin = 0;
            while (needed > histogram[bin])
            {
                needed -= histogram[bin];
                bin++;
            }

            int start = bin == 0 ? 0 : End(bin - 1);
            int width = End(bin) - start;
            Threshold = start + (int)(((width * needed) + histogram[bin] - 1) / histogram[bin]);
        }

        // Scores of 0 to 7 have bins of their own; from then on the three bits after the first one divide an octave.
        private static int Bin(int score)
        {
            int octave = 0;
            while (score >> octave >= 2 * BinsOfOctave)
            {
                octave++;
            }

            return score < BinsOfOctave ? score : (octave * BinsOfOctave) + (score >> octave);
        }

        // The first score of the next bin.
        private static int End(int bin)
        {
            int next = bin + 1;
            int octave = next < 2 * BinsOfOctave ? 0 : (next / BinsOfOctave) - 1;
            return (next - (octave * BinsOfOctave)) << octave;
        }

        private int Cut(int x)
        {
            return settings.IsWide ? x >> 4 : x;
        }
    }
}
