using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Dense;

/// <summary>What the product of many rows works in; null where the whole depth passes at once.</summary>
internal unsafe struct DenseRowsRoom
{
    /// <summary>A part of the depth of the rows, row after row: rows that lie a power of two apart would push each other out of the nearest cache.</summary>
    internal float* Inputs;

    /// <summary>Sums of the depth so far, two panels of all rows after another.</summary>
    internal float* Sums;
}

/// <summary>
/// Dense over many rows on the weights of <see cref="DensePanels{TVector}"/>, for processors of 16 vector registers: a part of the depth at a time,
/// whose weights stay in the nearest cache while all rows pass them. Sums are added in the order of the depth, whatever its parts.
/// </summary>
internal static unsafe class DenseRows<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    // Two panels of four side by side reach into half of the lines of a cache, and rows and sums take some too.
    private const int DepthAtOnce = 192;

    // A smaller depth stays in the nearest caches as a whole.
    private const int LargestWholeDepth = 256;

    // Rows of so many are cheap to read again, and sums of more take a lot of memory.
    private const int RowsAtOnce = 258;

    private const long LargestRoom = 1 << 24;

    // Weights of more than this are not at hand when they are needed.
    private const int SmallWeights = 1 << 16;

    /// <summary>Reserves room for the most rows that a call has.</summary>
    internal static void Bind(in BindContext context, ref DenseArguments arguments)
    {
        if (TVector.Registers >= 32 || arguments.Rows < RowTiles<TVector>.Tallest || arguments.Depth <= LargestWholeDepth)
        {
            return;
        }

        long rows = Math.Min(arguments.Rows, RowsAtOnce);
        long inputs = rows * Part(arguments.Depth) * sizeof(float);
        long sums = rows * Pairs(arguments.Units) * 2 * TVector.Count * sizeof(float);
        if (inputs + sums <= LargestRoom)
        {
            arguments.Many = new DenseRowsRoom { Inputs = (float*)context.Scratch(inputs), Sums = (float*)context.Scratch(sums) };
        }
    }

    /// <summary>Whether it is faster than <see cref="DensePanels{TVector}"/> alone.</summary>
    internal static bool Pays(in DenseArguments a) =>
        TVector.Registers < 32 && a.Rows >= RowTiles<TVector>.Tallest && a.Units > TVector.Count && (a.Depth <= LargestWholeDepth || a.Many.Sums != null);

    internal static void Run(in DenseArguments a)
    {
        for (int row = 0; row < a.Rows; row += RowsAtOnce)
        {
            Rows(in a, row, Math.Min(RowsAtOnce, a.Rows - row));
        }
    }

    private static int Part(int depth)
    {
        int parts = depth <= LargestWholeDepth ? 1 : (depth + DepthAtOnce - 1) / DepthAtOnce;
        return (depth + parts - 1) / parts;
    }

    private static long Pairs(int units) => (units + (2L * TVector.Count) - 1) / (2 * TVector.Count);

    private static void Rows(in DenseArguments a, int row, int rows)
    {
        int part = Part(a.Depth);
        bool isAhead = (long)a.Units * a.Depth > SmallWeights;
        float* input = a.Input + ((nint)row * a.Depth);
        var tile = new RowTile();
        for (int start = 0; start < a.Depth; start += part)
        {
            nint length = Math.Min(part, a.Depth - start);
            float* x = input;
            nint stride = a.Depth;
            if (part < a.Depth)
            {
                Gather(input + start, a.Depth, length, rows, a.Many.Inputs);
                x = a.Many.Inputs;
                stride = length;
            }

            tile.Length = length;
            bool isLast = start + length == a.Depth;
            float* weights = a.Weights;
            float* bias = a.Bias;
            float* sums = a.Many.Sums;
            float* y = a.Output + ((nint)row * a.Units);
            int panels = DensePanels<TVector>.PaddedUnits(a.Units) / TVector.Count;
            int left = a.Units;
            while (panels > 0)
            {
                int group = DensePanels<TVector>.Group(panels);
                nint groupUnits = group * TVector.Count;
                if (group == 1 && start == 0)
                {
                    LastPanel(in a, row, rows, weights, bias, y, left);
                }

                for (int panel = 0; panel + 1 < group; panel += 2)
                {
                    int offset = panel * TVector.Count;
                    float* w = weights + (start * groupUnits) + offset;
                    tile.X = x;
                    tile.XStride = stride;
                    tile.Rows = rows;
                    tile.Weights = w;
                    tile.Step = groupUnits;
                    tile.From = start == 0 ? bias + offset : sums;
                    tile.FromStride = start == 0 ? 0 : 2 * TVector.Count;
                    tile.To = isLast ? y + offset : sums;
                    tile.ToStride = isLast ? a.Units : 2 * TVector.Count;
                    tile.Next = !isAhead ? null : panel + 2 < group ? w + (2 * TVector.Count) : w - offset + (a.Depth * groupUnits);
                    if (isLast)
                    {
                        RowTiles<TVector>.Last(in a, ref tile, left - offset);
                    }
                    else
                    {
                        RowTiles<TVector>.Part(ref tile);
                    }

                    sums += rows * 2 * TVector.Count;
                }

                weights += a.Depth * groupUnits;
                bias += groupUnits;
                y += groupUnits;
                left -= (int)groupUnits;
                panels -= group;
            }
        }
    }

    private static void Gather(float* x, nint depth, nint length, int rows, float* to)
    {
        for (int row = 0; row < rows; row++)
        {
            Unsafe.CopyBlockUnaligned(to, x, (uint)length * sizeof(float));
            x += depth;
            to += length;
        }
    }

    // A single panel takes its whole depth at once.
    private static void LastPanel(in DenseArguments a, int row, int rows, float* w, float* bias, float* y, int left)
    {
        float* x = a.Input + ((nint)row * a.Depth);
        for (; rows >= 4; rows -= 4)
        {
            DensePanels<TVector>.FourByOne(in a, x, w, bias, y, left);
            x += 4 * (nint)a.Depth;
            y += 4 * (nint)a.Units;
        }

        for (; rows > 0; rows--)
        {
            DensePanels<TVector>.RowOne(in a, x, w, bias, y, left);
            x += a.Depth;
            y += a.Units;
        }
    }
}
