namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// What a signal pipeline makes, as a list of numbers: for each feature its kind; for one of bands then their number and their edges,
    /// in bins, of triangles in 1/256 of a bin. And the limits of pipelines.
    /// </summary>
    internal static class SignalPlan
    {
        /// <summary>Most samples of a window: sums of so many squares of counts, times as many, stay in 64 bits.</summary>
        public const int MaxLength = 16384;

        /// <summary>Fewest samples of a window.</summary>
        public const int MinLength = 2;

        /// <summary>Fewest samples of a window that has a spectrum: the energy of its Hann window is 3n/8 from three on.</summary>
        public const int MinSpectrumLength = 4;

        /// <summary>Most filters.</summary>
        public const int MaxFilters = 16;

        /// <summary>Most bands of a feature.</summary>
        public const int MaxBands = 256;

        /// <summary>Most counts that the windows of all channels hold.</summary>
        public const int MaxCounts = 1 << 20;

        /// <summary>Number of kinds of features.</summary>
        public const int Kinds = 8;

        /// <summary>Coefficients of a filter: b0, b1, b2, a1, a2 with 30 fraction bits.</summary>
        public const int FilterCoefficients = 5;

        /// <summary>Bits after the point of a frequency in bins, of triangles.</summary>
        public const int BinShift = 8;

        /// <summary>Points of the transform: a window's length up to the next power of two.</summary>
        public static int Points(int length)
        {
            int points = MinSpectrumLength;
            while (points < length)
            {
                points *= 2;
            }

            return points;
        }

        /// <summary>Whether features of the kind come in bands.</summary>
        public static bool HasBands(int kind)
        {
            return kind >= (int)SignalFeature.BandPower;
        }

        /// <summary>Numbers that the bands of a kind have in a plan: one edge more than there are bands, two more where they overlap.</summary>
        public static int Edges(int kind, int bands)
        {
            return kind == (int)SignalFeature.BandPower ? bands + 1 : bands + 2;
        }

        /// <summary>Features of a channel by a plan.</summary>
        public static int CountOf(int[] plan)
        {
            int count = 0;
            for (int i = 0; i < plan.Length; i++)
            {
                bool hasBands = HasBands(plan[i]);
                count += hasBands ? plan[i + 1] : 1;
                i += hasBands ? 1 + Edges(plan[i], plan[i + 1]) : 0;
            }

            return count;
        }
    }
}
