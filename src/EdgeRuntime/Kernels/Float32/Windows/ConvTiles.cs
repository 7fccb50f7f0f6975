using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.Runtime.Kernels.Float32.Dense;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Windows;

/// <summary>
/// Convolution with windows of 3×3 that move by one, by Winograd's minimal filtering F(2×2, 3×3): four outputs from 16 products instead of 36
/// (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016). Inputs are only added to each other and weights halved, so
/// that sums lose about a bit to those of the window itself; no number reaches an output whose window it is not in. An infinite one, or one whose
/// sums overflow, may become NaN on the way: then all outputs are done again by <see cref="ConvPanels{TVector}"/>.
/// </summary>
internal static unsafe class ConvTiles<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int Window = 3;
    private const int Side = 4;
    private const int Positions = Side * Side;

    // Tiles whose products stay in registers.
    private const int TilesAtOnce = 4;

    // Fewer channels do not pay for the sums.
    private const int MinChannels = 16;

    // Weights take 1.8 times their bytes in the file; beyond a core's own cache that costs more than the products saved.
    private const long LargestWeights = 384 << 10;

    private static int Block
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TVector.Count;
    }

    /// <summary>Binds to the sizes in <paramref name="dense"/>, or gives false if the shape is another or it would not pay.</summary>
    internal static bool TryBind(in BindContext context, in WindowGeometry g, DenseArguments dense, out BoundKernel kernel)
    {
        kernel = default;
        int blocks = (g.Units + Block - 1) / Block;
        long weightBytes = (long)Positions * g.Channels * blocks * Block * sizeof(float);
        bool shape = g is { KernelHeight: Window, KernelWidth: Window, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1, Groups: 1 }
            && g.OutputHeight % 2 == 0 && g.OutputWidth % 2 == 0 && g.Channels % TVector.Count == 0 && g.Channels >= MinChannels;
        if (!shape || weightBytes > LargestWeights || 4 * g.Units < 3 * blocks * Block)
        {
            return false;
        }

        BoundKernel windowByWindow = ConvPanels<TVector>.Bind(in context, in g, dense);
        var packing = new Packing { Weights = dense.Weights, Units = g.Units, Channels = g.Channels };
        nint rowElements = (nint)g.ReachedWidth * g.Channels;
        var bias = new DensePacking { Bias = dense.Bias, Units = g.Units };
        dense.Weights = (float*)context.Shared(weightBytes, packing, PackWeights, isForRunsOnly: true);
        dense.Bias = (float*)context.Shared((long)blocks * Block * sizeof(float), bias, DensePanels<TVector>.PackBias);
        kernel = new BoundKernel(&Run, context.Keep(new Arguments
        {
            WindowByWindow = windowByWindow,
            Dense = dense,
            Image = PaddedImage.Bind(in context, in g, 0, sizeof(float)),
            Geometry = g,
            Blocks = blocks,
            RowElements = rowElements,
            Rows = (float*)context.Scratch(Side * (long)rowElements * sizeof(float)),
            Tiles = (float*)context.Scratch((long)Positions * TilesAtOnce * g.Channels * sizeof(float)),
            NotFinite = (float*)context.Scratch(TVector.Count * sizeof(float)),
            Products = (float*)context.Scratch((long)Positions * TilesAtOnce * Block * sizeof(float)),
        }));
        return true;
    }

    // [block of units][position in a tile][channel][unit].
    private static void PackWeights(byte* destination, Packing packing)
    {
        float* to = (float*)destination;
        float* tile = stackalloc float[Positions];
        for (int unit = 0; unit < packing.Units; unit++)
        {
            (int block, int lane) = Math.DivRem(unit, Block);
            for (int channel = 0; channel < packing.Channels; channel++)
            {
                TransformWeights(packing.Weights + ((nint)unit * Window * Window * packing.Channels) + channel, packing.Channels, tile);
                for (int position = 0; position < Positions; position++)
                {
                    to[((((((nint)block * Positions) + position) * packing.Channels) + channel) * Block) + lane] = tile[position];
                }
            }
        }
    }

    // In double precision, so that each weight is rounded once.
    private static void TransformWeights(float* w, nint stride, float* tile)
    {
        double* rows = stackalloc double[Side * Window];
        for (int i = 0; i < Side * Window; i++)
        {
            float* x = w + (i % Window * stride);
            rows[i] = Weight(i / Window, x[0], x[Window * stride], x[2 * Window * stride]);
        }

        for (int i = 0; i < Positions; i++)
        {
            double* x = rows + (i / Side * Window);
            tile[i] = (float)Weight(i % Side, x[0], x[1], x[2]);
        }
    }

    private static double Weight(int position, double w0, double w1, double w2) => position switch
    {
        0 => w0,
        1 => (w0 + w1 + w2) / 2,
        2 => (w0 - w1 + w2) / 2,
        _ => w2,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        Arguments* a = (Arguments*)pointer;
        ref readonly WindowGeometry g = ref a->Geometry;
        nint outputs = (nint)g.OutputHeight * g.OutputWidth * g.Units;
        TVector.Store(0f, a->NotFinite);
        for (int batch = 0; batch < g.Batch; batch++)
        {
            float* image = (float*)a->Image.Load(batch);
            for (int row = 0; row < g.OutputHeight; row += 2)
            {
                SumRows(image + (row * a->RowElements), a->RowElements, a->Rows);
                float* y = a->Dense.Output + (batch * outputs) + ((nint)row * g.OutputWidth * g.Units);
                for (int column = 0; column < g.OutputWidth; column += 2 * TilesAtOnce)
                {
                    Multiply(a, column, y);
                }
            }
        }

        if (TVector.Sum(TVector.Load(a->NotFinite)) != 0f)
        {
            a->WindowByWindow.Run();
        }
        else if (a->Dense.Activation != null)
        {
            a->Dense.Activation(a->Dense.Output, a->Dense.Output, g.Batch * outputs, a->Dense.Alpha, a->Dense.Beta);
        }
    }

    // Two rows of outputs from a column on.
    private static void Multiply(Arguments* a, int firstColumn, float* y)
    {
        ref readonly WindowGeometry g = ref a->Geometry;
        nint channels = g.Channels;
        nint position = TilesAtOnce * channels;
        for (int tile = 0; tile < TilesAtOnce; tile++)
        {
            // Beyond the last tile that one is repeated.
            float* x = a->Rows + (Math.Min(firstColumn + (2 * tile), g.OutputWidth - 2) * channels);
            float* to = a->Tiles + (tile * channels);
            for (int row = 0; row < Side; row++)
            {
                SumColumns(x, channels, to, position);
                x += a->RowElements;
                to += Side * position;
            }
        }

        int tiles = Math.Min(TilesAtOnce, (g.OutputWidth - firstColumn) / 2);
        float* w = a->Dense.Weights;
        for (int block = 0; block < a->Blocks; block++)
        {
            for (int i = 0; i < Positions; i++)
            {
                FourByTwo(a->Tiles + (i * position), channels, w, a->Products + (i * TilesAtOnce * Block));
                w += channels * Block;
            }

            int unit = block * Block;
            for (int tile = 0; tile < tiles; tile++)
            {
                float* to = y + ((nint)(firstColumn + (2 * tile)) * g.Units) + unit;
                float* products = a->Products + (tile * Block);
                Outputs(a, products, a->Dense.Bias + unit, to, to + ((nint)g.OutputWidth * g.Units), g.Units - unit);
                int left = g.Units - unit - TVector.Count;
                if (left > 0)
                {
                    to += TVector.Count;
                    Outputs(a, products + TVector.Count, a->Dense.Bias + unit + TVector.Count, to, to + ((nint)g.OutputWidth * g.Units), left);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(float* first, nint n, float* sums)
    {
        for (nint i = 0; i < n; i += TVector.Count)
        {
            TVector x0 = TVector.Load(first + i);
            TVector x1 = TVector.Load(first + n + i);
            TVector x2 = TVector.Load(first + (2 * n) + i);
            TVector x3 = TVector.Load(first + (3 * n) + i);
            Sum(x0, x1, x2, x3, sums + i, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumColumns(float* x, nint channels, float* sums, nint stride)
    {
        for (nint i = 0; i < channels; i += TVector.Count)
        {
            TVector x0 = TVector.Load(x + i);
            TVector x1 = TVector.Load(x + channels + i);
            TVector x2 = TVector.Load(x + (2 * channels) + i);
            TVector x3 = TVector.Load(x + (3 * channels) + i);
            Sum(x0, x1, x2, x3, sums + i, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(TVector x0, TVector x1, TVector x2, TVector x3, float* sums, nint stride)
    {
        TVector.Store(x0 - x2, sums);
        TVector.Store(x1 + x2, sums + stride);
        TVector.Store(x2 - x1, sums + (2 * stride));
        TVector.Store(x1 - x3, sums + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo(float* x0, nint channels, float* w, float* products)
    {
        float* x1 = x0 + channels;
        float* x2 = x1 + channels;
        float* x3 = x2 + channels;
        TVector s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (nint i = 0; i < channels; i++)
        {
            TVector w0 = TVector.Load(w);
            TVector w1 = TVector.Load(w + TVector.Count);
            TVector x = x0[i];
            s00 = TVector.MultiplyAdd(x, w0, s00);
            s01 = TVector.MultiplyAdd(x, w1, s01);
            x = x1[i];
            s10 = TVector.MultiplyAdd(x, w0, s10);
            s11 = TVector.MultiplyAdd(x, w1, s11);
            x = x2[i];
            s20 = TVector.MultiplyAdd(x, w0, s20);
            s21 = TVector.MultiplyAdd(x, w1, s21);
            x = x3[i];
            s30 = TVector.MultiplyAdd(x, w0, s30);
            s31 = TVector.MultiplyAdd(x, w1, s31);
            w += 2 * TVector.Count;
        }

        TVector.Store(s00, products);
        TVector.Store(s01, products + TVector.Count);
        TVector.Store(s10, products + (2 * TVector.Count));
        TVector.Store(s11, products + (3 * TVector.Count));
        TVector.Store(s20, products + (4 * TVector.Count));
        TVector.Store(s21, products + (5 * TVector.Count));
        TVector.Store(s30, products + (6 * TVector.Count));
        TVector.Store(s31, products + (7 * TVector.Count));
    }

    // The 2×2 outputs of a tile, a vector of units each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs(Arguments* a, float* products, float* bias, float* upper, float* lower, int left)
    {
        nint stride = TilesAtOnce * Block;
        (TVector u0, TVector l0) = Pair(products);
        (TVector u1, TVector l1) = Pair(products + stride);
        (TVector u2, TVector l2) = Pair(products + (2 * stride));
        (TVector u3, TVector l3) = Pair(products + (3 * stride));
        TVector start = TVector.Load(bias);
        TVector y0 = start + (u0 + u1 + u2);
        TVector y1 = start + (u1 - u2 - u3);
        TVector y2 = start + (l0 + l1 + l2);
        TVector y3 = start + (l1 - l2 - l3);
        nint next = a->Dense.Units;
        DensePanels<TVector>.StoreLast(in a->Dense, y0, upper, left);
        DensePanels<TVector>.StoreLast(in a->Dense, y1, upper + next, left);
        DensePanels<TVector>.StoreLast(in a->Dense, y2, lower, left);
        DensePanels<TVector>.StoreLast(in a->Dense, y3, lower + next, left);

        // 0 for a number, NaN for what is none.
        TVector not = (y0 - y0) + (y1 - y1) + ((y2 - y2) + (y3 - y3));
        TVector.Store(TVector.Load(a->NotFinite) + not, a->NotFinite);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Upper, TVector Lower) Pair(float* products)
    {
        nint stride = Side * TilesAtOnce * Block;
        TVector p1 = TVector.Load(products + stride);
        TVector p2 = TVector.Load(products + (2 * stride));
        return (TVector.Load(products) + p1 + p2, p1 - p2 - TVector.Load(products + (3 * stride)));
    }

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Packing
    {
        internal float* Weights;
        internal int Units;
        internal int Channels;
    }

    private struct Arguments
    {
        /// <summary>Weights, bias, output and activation.</summary>
        internal DenseArguments Dense;
        internal PaddedImage Image;
        internal WindowGeometry Geometry;
        internal int Blocks;

        /// <summary>Elements of a row of the image with its padding.</summary>
        internal nint RowElements;

        /// <summary>Four rows of sums and differences of the image's.</summary>
        internal float* Rows;

        /// <summary>[position][tile][channel].</summary>
        internal float* Tiles;

        /// <summary>[position][tile][unit of a block].</summary>
        internal float* Products;

        /// <summary>A vector that is 0 while all outputs are numbers.</summary>
        internal float* NotFinite;
        internal BoundKernel WindowByWindow;
    }
}
