namespace EdgeInference.ModelFormat.Numerics
{
    /// <summary>
    /// A function of one int16 as cubic polynomials on segments of any length, evaluated in integers. The exporter chooses
    /// segments and coefficients so that every one of the 65,536 outputs is what it should be; here nothing is rounded but by
    /// shifts, so that every engine gives the same bits. docs/numerics.md tells how a table is made.
    /// </summary>
    /// <remarks>
    /// In the file a segment is five int32: 32·(its lowest input) + L, then c0, c1, c2, c3 with 15 fraction bits, lowest
    /// input first. With t = input − lowest input, 0 ≤ t ≤ 2^L, the output is
    /// c0 + c1·(t/2^L) + c2·(t/2^L)² + c3·(t/2^L)³ by Horner's rule, each step rounded down.
    /// </remarks>
    internal static class InterpolationTable
    {
        /// <summary>int32 numbers of one segment.</summary>
        public const int SegmentLength = 5;

        /// <summary>Bits after the point of a coefficient.</summary>
        public const int FractionBits = 15;

        /// <summary>Bits of a segment's first number that hold L.</summary>
        public const int ShiftBits = 5;

        /// <summary>A cell of the directory is 2^9 inputs.</summary>
        public const int CellBits = 9;

        /// <summary>Cells of the directory, which says where the search for a segment begins.</summary>
        public const int Cells = 1 << (16 - CellBits);

        /// <summary>Puts a directory before the segments and an end after them.</summary>
        /// <param name="segments">The table as it is in a file that was checked.</param>
        /// <returns>What <see cref="Evaluate"/> takes.</returns>
        public static int[] Prepare(int[] segments)
        {
            int[] prepared = new int[Cells + segments.Length + 1];
            for (int i = 0; i < segments.Length; i++)
            {
                prepared[Cells + i] = segments[i];
            }

            prepared[Cells + segments.Length] = int.MaxValue;
            int position = Cells;
            for (int cell = 0; cell < Cells; cell++)
            {
                int key = Key((cell << CellBits) + short.MinValue);
                while (key >= prepared[position + SegmentLength])
                {
                    position += SegmentLength;
                }

                prepared[cell] = position;
            }

            return prepared;
        }

        /// <summary>The output for an input.</summary>
        /// <param name="x">−32768 to 32767.</param>
        /// <param name="prepared">What <see cref="Prepare"/> gave.</param>
        public static int Evaluate(int x, int[] prepared)
        {
            int position = prepared[(x >> CellBits) + (Cells / 2)];
            int key = Key(x);
            while (key >= prepared[position + SegmentLength])
            {
                position += SegmentLength;
            }

            return Cubic(x, prepared, position);
        }

        /// <summary>The polynomial of the segment at <paramref name="position"/>, whether the input lies in it or not.</summary>
        public static int Cubic(int x, int[] segments, int position)
        {
            int first = segments[position];
            int shift = first & ((1 << ShiftBits) - 1);
            long t = x - (first >> ShiftBits);
            long sum = segments[position + 4];
            sum = ((sum * t) >> shift) + segments[position + 3];
            sum = ((sum * t) >> shift) + segments[position + 2];
            sum = ((sum * t) >> shift) + segments[position + 1];
            return (int)(sum >> FractionBits);
        }

        // At least a segment's first number exactly where the input is at least its lowest, whatever L is.
        private static int Key(int x)
        {
            return (x << ShiftBits) + (1 << ShiftBits) - 1;
        }
    }
}
