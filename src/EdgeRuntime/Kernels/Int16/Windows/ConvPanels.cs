using System.Runtime.InteropServices;
using EdgeInference.Runtime.Kernels.Int8;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using EdgeInference.Runtime.Simd.Int8.Dot;
using Panels = EdgeInference.Runtime.Kernels.Int8.Windows.ConvPanelArguments;

namespace EdgeInference.Runtime.Kernels.Int16.Windows;

/// <summary>
/// int16 convolution without groups by the sums of the int8 one, whose lanes multiply int16 where the processor does: the image needs
/// no preparation, and a window is summed in as many blocks as int32 takes.
/// </summary>
internal static unsafe class ConvPanels<TLanes>
    where TLanes : struct, IDotLanes<TLanes>
{
    private const int Tile = Int8.Windows.ConvPanels<TLanes>.Tile;

    /// <summary>Packs the weights, or gives false where they would be too large or a run of them too heavy.</summary>
    internal static bool TryBind(in BindContext context, in ConvArguments conv, out BoundKernel kernel)
    {
        ref readonly WindowGeometry g = ref conv.Geometry;
        kernel = default;
        int depth = context.Input(1).Elements / g.Units;
        int places = g.KernelHeight * g.KernelWidth;
        int runs = g.DilationWidth == 1 ? g.KernelHeight : places;
        int* blocks = SumBlocks.Of(in context, conv.Weights, g.Units, runs, depth / runs);
        if (blocks[0] == 0 && runs < places)
        {
            runs = places;
            blocks = SumBlocks.Of(in context, conv.Weights, g.Units, runs, depth / runs);
        }

        int padded = DensePanels<TLanes>.PaddedUnits(g.Units);
        long runBytes = (long)padded * DensePanels<TLanes>.Steps(depth / runs) * TLanes.Group;
        if (blocks[0] == 0 || runBytes * runs > int.MaxValue)
        {
            return false;
        }

        var packing = new Packing { Weights = conv.Weights, Units = g.Units, Runs = runs, RunDepth = depth / runs, Blocks = blocks };
        byte* weights = context.Shared(runBytes * runs, packing, PackWeights);
        int stride = Requantizer.Padded(g.Units);
        var arguments = new Arguments
        {
            Image = conv.Image,
            Batch = g.Batch,
            Pixels = g.OutputHeight * g.OutputWidth,
            Units = g.Units,
            Output = conv.Output,
            OutputBytes = conv.OutputBytes,
            Requantization = conv.Requantization,
            Sums = (int*)context.Scratch((long)Tile * stride * sizeof(int)),
            SumStride = stride,
            WideSums = blocks[0] == 1 ? null : (long*)context.Scratch((long)Tile * g.Units * sizeof(long)),
            BlockCount = blocks[0],
            Blocks = context.KeepMany<Panels>(blocks[0]),
        };
        int* segments = WindowTables.Segments(in context, in g, runs, sizeof(short));
        int* corners = WindowTables.Corners(in context, in g, Tile, sizeof(short));
        byte* none = context.Shared((long)padded * sizeof(int), padded, static (_, _) => { });
        int first = 0;
        for (int block = 0; block < blocks[0]; block++)
        {
            int end = blocks[block + 1];
            arguments.Blocks[block] = new Panels
            {
                Dense = new DenseArguments { Weights = weights + (first * runBytes), Bias = (int*)none, Sums = arguments.Sums, Units = g.Units },
                Pixels = arguments.Pixels,
                SumStride = stride,
                Corners = corners,
                Segments = segments + first,
                SegmentCount = end - first,
                SegmentSteps = DensePanels<TLanes>.Steps(depth / runs),
            };
            first = end;
        }

        kernel = new BoundKernel(&Run, context.Keep(arguments));
        return true;
    }

    // Block after block, each as Dense packs a matrix.
    private static void PackWeights(byte* destination, Packing packing)
    {
        int first = 0;
        for (int block = 0; block < packing.Blocks[0]; block++)
        {
            int runs = packing.Blocks[block + 1] - first;
            int depth = runs * packing.RunDepth;
            sbyte[] rows = new sbyte[packing.Units * depth];
            for (int unit = 0; unit < packing.Units; unit++)
            {
                nint start = (((nint)unit * packing.Runs) + first) * packing.RunDepth;
                new ReadOnlySpan<sbyte>(packing.Weights + start, depth).CopyTo(rows.AsSpan(unit * depth));
            }

            fixed (sbyte* weights = rows)
            {
                var dense = new DensePacking { Weights = weights, Units = packing.Units, Depth = depth, Segments = runs };
                DensePanels<TLanes>.PackWeights(destination, dense);
                destination += DensePanels<TLanes>.WeightBytes(dense);
            }

            first += runs;
        }
    }

    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        byte* output = a->Output;
        for (int n = 0; n < a->Batch; n++)
        {
            byte* image = a->Image.Load(n);
            for (int pixel = 0; pixel < a->Pixels; pixel += Tile)
            {
                int rows = Math.Min(Tile, a->Pixels - pixel);
                Int8.Windows.ConvPanels<TLanes>.Sums(a->Blocks, image, pixel);
                if (a->BlockCount == 1)
                {
                    for (int row = 0; row < rows; row++, output += a->OutputBytes)
                    {
                        a->Requantization.StoreRow(a->Sums + ((nint)row * a->SumStride), output);
                    }
                }
                else
                {
                    output = SumBlocksAndStore(a, image, pixel, rows, output);
                }
            }
        }
    }

    // The sums of the first block are there.
    private static byte* SumBlocksAndStore(Arguments* a, byte* image, int pixel, int rows, byte* output)
    {
        new Span<long>(a->WideSums, rows * a->Units).Clear();
        Add(a, rows);
        for (int block = 1; block < a->BlockCount; block++)
        {
            Int8.Windows.ConvPanels<TLanes>.Sums(a->Blocks + block, image, pixel);
            Add(a, rows);
        }

        for (int row = 0; row < rows; row++, output += a->OutputBytes)
        {
            for (int unit = 0; unit < a->Units; unit++)
            {
                a->Requantization.Store(a->WideSums[((nint)row * a->Units) + unit], unit, output);
            }
        }

        return output;
    }

    private static void Add(Arguments* a, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int unit = 0; unit < a->Units; unit++)
            {
                a->WideSums[((nint)row * a->Units) + unit] += a->Sums[((nint)row * a->SumStride) + unit];
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Packing
    {
        internal sbyte* Weights;
        internal int* Blocks;
        internal int Units;
        internal int Runs;
        internal int RunDepth;
    }

    private struct Arguments
    {
        internal PaddedImage Image;
        internal int Batch;
        internal int Pixels;
        internal int Units;
        internal byte* Output;
        internal int OutputBytes;
        internal WideRequantization Requantization;

        /// <summary>Of a tile, for one block.</summary>
        internal int* Sums;
        internal int SumStride;

        /// <summary>Of a tile, [pixel, unit], where there are several blocks.</summary>
        internal long* WideSums;
        internal Panels* Blocks;
        internal int BlockCount;
    }
}
