using System.Runtime.InteropServices;

namespace EdgeInference.Runtime.Kernels.Int16.Windows;

/// <summary>
/// The runs of neighbours in a window, parted into blocks whose sums int32 holds for every unit and any input: a block's
/// weights are at most 65,535 together, in magnitude, since an input is at most 2¹⁵.
/// </summary>
internal static unsafe class SumBlocks
{
    private const int MostWeight = int.MaxValue >> 15;

    /// <summary>The number of blocks, and behind it for each the run behind its last; 0 where one run alone may be too large.</summary>
    /// <param name="context">Where they are kept.</param>
    /// <param name="weights">[units, runs, depth].</param>
    /// <param name="units">Sums of a window.</param>
    /// <param name="runs">Runs of a window.</param>
    /// <param name="depth">Elements of a run.</param>
    internal static int* Of(in BindContext context, sbyte* weights, int units, int runs, int depth) =>
        (int*)context.Shared((runs + 1L) * sizeof(int), new Windows { Weights = weights, Units = units, Runs = runs, Depth = depth }, Fill);

    private static void Fill(byte* destination, Windows windows)
    {
        int* blocks = (int*)destination;
        int[] totals = new int[windows.Units];
        int count = 0;
        for (int run = 0; run < windows.Runs; run++)
        {
            if (TryAdd(windows, run, totals))
            {
                continue;
            }

            Array.Clear(totals);
            if (!TryAdd(windows, run, totals))
            {
                return;
            }

            blocks[++count] = run;
        }

        blocks[++count] = windows.Runs;
        blocks[0] = count;
    }

    // False, and nothing added, where one unit's weights would be too large.
    private static bool TryAdd(Windows windows, int run, int[] totals)
    {
        int[] own = new int[totals.Length];
        for (int unit = 0; unit < own.Length; unit++)
        {
            sbyte* w = windows.Weights + ((((nint)unit * windows.Runs) + run) * windows.Depth);
            long total = totals[unit];
            for (int i = 0; i < windows.Depth; i++)
            {
                total += Math.Abs((int)w[i]);
            }

            if (total > MostWeight)
            {
                return false;
            }

            own[unit] = (int)total;
        }

        own.CopyTo(totals, 0);
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Windows
    {
        internal sbyte* Weights;
        internal int Units;
        internal int Runs;
        internal int Depth;
    }
}
