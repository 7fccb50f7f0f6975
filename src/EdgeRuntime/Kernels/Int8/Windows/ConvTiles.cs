using System.Runtime.CompilerServices;
using EdgeInference.Runtime.Kernels.Int8.Dense;
using EdgeInference.Runtime.Simd.Int8;
using EdgeInference.Runtime.Simd.Int8.Dot;

namespace EdgeInference.Runtime.Kernels.Int8.Windows;

/// <summary>
/// int8 convolution with windows of 3×3 that move by one, by the 16 products of <see cref="TileTransforms"/> instead of 36, for lanes that
/// multiply int16: they hold sums of four inputs and of nine weights. The sums are those of the other kernels, to the bit.
/// </summary>
internal static unsafe class ConvTiles<TLanes>
    where TLanes : struct, IDotLanes<TLanes>
{
    private const int Window = 3;
    private const int Positions = TileTransforms.Side * TileTransforms.Side;

    // Tiles whose products stay in registers.
    private const int TilesAtOnce = 4;

    // Vectors of channels are whole: the widest that TileTransforms may use.
    private const int ChannelStep = 16;

    // Four times a sum of 9 · 2^14 a channel stays within int32.
    private const int MostChannels = 2048;

    // Weights take 3.6 times their bytes in the file; beyond a core's own cache that costs more than the products saved.
    private const long LargestWeights = 256 << 10;

    // Units whose products are summed together.
    private static int Block
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TLanes.Count;
    }

    private static int VectorBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.Count * TLanes.Group * sizeof(short);
    }

    /// <summary>Binds to the sizes in <paramref name="dense"/>, or gives false if the shape is another or it would not pay.</summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, PaddedImage image, DenseArguments dense, ConvPacking packing, out BoundKernel kernel)
    {
        kernel = default;
        int blocks = (g.Units + Block - 1) / Block;
        long weightBytes = (long)Positions * g.Channels * blocks * Block * sizeof(short);
        bool shape = g is { KernelHeight: Window, KernelWidth: Window, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1, Groups: 1 }
            && g.OutputHeight % 2 == 0 && g.OutputWidth % 2 == 0 && g.Channels % ChannelStep == 0 && g.Channels <= MostChannels;
        if (TLanes.Size != sizeof(short) || !shape || weightBytes > LargestWeights || 4 * g.Units < 3 * blocks * Block)
        {
            return false;
        }

        nint rowElements = (nint)g.ReachedWidth * g.Channels;
        int stride = Requantizer.Padded(blocks * Block);
        var arguments = new Arguments
        {
            Image = image,
            Geometry = g,
            Dense = dense,
            Blocks = blocks,
            Weights = context.Shared(weightBytes, packing.WeightsOnly, PackWeights, isForRunsOnly: true),
            Bias = (int*)context.Shared((long)blocks * Block * sizeof(int), packing, ConvKernel.FoldZeroPoint),
            RowElements = rowElements,
            RowStride = rowElements + TileTransforms.Room,
            Rows = (short*)context.Scratch((rowElements + TileTransforms.Room) * TileTransforms.Side * sizeof(short)),
            Tiles = (short*)context.Scratch((long)Positions * TilesAtOnce * g.Channels * sizeof(short)),
            Products = (int*)context.Scratch((long)Positions * TilesAtOnce * Block * sizeof(int)),
            Sums = (int*)context.Scratch(2L * g.OutputWidth * stride * sizeof(int)),
            SumStride = stride,
        };
        kernel = new BoundKernel(&Run, context.Keep(arguments));
        return true;
    }

    // [block of units][position in a tile][step][panel][vector].
    private static void PackWeights(byte* destination, ConvPacking packing)
    {
        short* to = (short*)destination;
        int channels = packing.Window / (Window * Window);
        int vector = TLanes.Count * TLanes.Group;
        int* tile = stackalloc int[Positions];
        for (int unit = 0; unit < packing.Units; unit++)
        {
            (int block, int place) = Math.DivRem(unit, Block);
            (int panel, int lane) = Math.DivRem(place, TLanes.Count);
            for (int channel = 0; channel < channels; channel++)
            {
                (int step, int input) = Math.DivRem(channel, TLanes.Group);
                TransformWeights(packing.Weights + ((nint)unit * packing.Window) + channel, channels, tile);
                for (int position = 0; position < Positions; position++)
                {
                    nint index = ((((((nint)block * Positions) + position) * (channels / TLanes.Group)) + step) * 2) + panel;
                    to[(index * vector) + TLanes.Slot(lane, input)] = (short)tile[position];
                }
            }
        }
    }

    private static void TransformWeights(sbyte* w, int stride, int* tile)
    {
        int* rows = stackalloc int[TileTransforms.Side * Window];
        for (int row = 0; row < TileTransforms.Side; row++)
        {
            for (int column = 0; column < Window; column++)
            {
                sbyte* x = w + (column * stride);
                rows[(row * Window) + column] = TileTransforms.Weight(row, x[0], x[Window * stride], x[2 * Window * stride]);
            }
        }

        for (int position = 0; position < Positions; position++)
        {
            int* x = rows + (position / TileTransforms.Side * Window);
            tile[position] = TileTransforms.Weight(position % TileTransforms.Side, x[0], x[1], x[2]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        byte* output = a->Dense.Output;
        int pixels = 2 * g.OutputWidth;
        for (int batch = 0; batch < g.Batch; batch++)
        {
            sbyte* image = (sbyte*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row += 2)
            {
                TileTransforms.Rows(image + (row * a->RowElements), a->RowElements, a->Rows, a->RowStride, a->RowElements);
                for (int column = 0; column < g.OutputWidth; column += 2 * TilesAtOnce)
                {
                    SumTiles(a, column);
                }

                Requantizer.Rows(a->Dense.Requantize, a->Sums, a->SumStride, pixels, &a->Dense.Requantization, output, a->Dense.OutputBytes, g.Units);
                output += (nint)pixels * a->Dense.OutputBytes;
            }
        }
    }

    // The sums of two rows of outputs from a column on.
    private static void SumTiles(Arguments* a, int firstColumn)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint channels = g.Channels;
        nint position = TilesAtOnce * channels;
        for (int tile = 0; tile < TilesAtOnce; tile++)
        {
            // Beyond the last tile that one is repeated.
            short* x = a->Rows + (Math.Min(firstColumn + (2 * tile), g.OutputWidth - 2) * channels);
            short* to = a->Tiles + (tile * channels);
            for (int row = 0; row < TileTransforms.Side; row++)
            {
                TileTransforms.Columns(x, channels, to, position);
                x += a->RowStride;
                to += TileTransforms.Side * position;
            }
        }

        int tiles = Math.Min(TilesAtOnce, (g.OutputWidth - firstColumn) / 2);
        nint steps = channels / TLanes.Group;
        nint stride = TilesAtOnce * Block;
        byte* w = a->Weights;
        for (int block = 0; block < a->Blocks; block++)
        {
            for (int i = 0; i < Positions; i++)
            {
                FourByTwo(a->Tiles + (i * position), channels, w, steps, a->Products + (i * stride));
                w += steps * 2 * VectorBytes;
            }

            nint unit = block * Block;
            int* upper = a->Sums + ((nint)firstColumn * a->SumStride) + unit;
            for (int tile = 0; tile < tiles; tile++)
            {
                TileTransforms.Outputs(a->Products + (tile * Block), stride, a->Bias + unit, upper, upper + ((nint)g.OutputWidth * a->SumStride), a->SumStride, Block);
                upper += 2 * a->SumStride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(short* x0, nint channels, byte* w, nint steps, int* products)
    {
        short* x1 = x0 + channels;
        short* x2 = x1 + channels;
        short* x3 = x2 + channels;
        TLanes s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (nint i = 0; i < channels; i += TLanes.Group)
        {
            TLanes w0 = TLanes.Load(w);
            TLanes w1 = TLanes.Load(w + VectorBytes);
            TLanes x = TLanes.BroadcastPrepared(x0 + i);
            s00 = TLanes.MultiplyAdd(s00, x, w0);
            s01 = TLanes.MultiplyAdd(s01, x, w1);
            x = TLanes.BroadcastPrepared(x1 + i);
            s10 = TLanes.MultiplyAdd(s10, x, w0);
            s11 = TLanes.MultiplyAdd(s11, x, w1);
            x = TLanes.BroadcastPrepared(x2 + i);
            s20 = TLanes.MultiplyAdd(s20, x, w0);
            s21 = TLanes.MultiplyAdd(s21, x, w1);
            x = TLanes.BroadcastPrepared(x3 + i);
            s30 = TLanes.MultiplyAdd(s30, x, w0);
            s31 = TLanes.MultiplyAdd(s31, x, w1);
            w += 2 * VectorBytes;
        }

        TLanes.Store(s00, products);
        TLanes.Store(s01, products + TLanes.Count);
        TLanes.Store(s10, products + (2 * TLanes.Count));
        TLanes.Store(s11, products + (3 * TLanes.Count));
        TLanes.Store(s20, products + (4 * TLanes.Count));
        TLanes.Store(s21, products + (5 * TLanes.Count));
        TLanes.Store(s30, products + (6 * TLanes.Count));
        TLanes.Store(s31, products + (7 * TLanes.Count));
    }

    private struct Arguments
    {
        internal PaddedImage Image;
        internal WindowGeometry Geometry;

        /// <summary>Output and requantization.</summary>
        internal DenseArguments Dense;
        internal byte* Weights;
        internal int* Bias;
        internal int Blocks;

        /// <summary>Elements of a row of the image with its padding.</summary>
        internal nint RowElements;

        /// <summary>The four rows that <see cref="TileTransforms.Rows"/> makes.</summary>
        internal short* Rows;
        internal nint RowStride;

        /// <summary>[position][tile][channel].</summary>
        internal short* Tiles;

        /// <summary>[position][tile][unit of a block].</summary>
        internal int* Products;

        /// <summary>Of two rows of outputs.</summary>
        internal int* Sums;
        internal int SumStride;
    }
}
