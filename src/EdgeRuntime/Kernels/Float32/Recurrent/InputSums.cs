using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Kernels.Float32.Dense;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>
/// W·x + b of all gates for many steps at once, which does not wait for any state: one matrix product, whose weights are read once
/// for several rows. A block of steps at a time, so that long sequences need no more room than short ones.
/// </summary>
internal unsafe struct InputSums
{
    // What a block of steps may take: it stays in a core's own cache until the last of its steps has read it.
    private const int BlockBytes = 1 << 16;

    // Dense does so many rows together, in one order of additions. Alone a row has another: what is left of a block is filled up with rows of
    // zeros, so that a sequence gives the same bits however it is cut into calls.
    private const int RowsAtOnce = 4;

    private BoundKernel kernel;
    private DenseArguments* arguments;
    private float* sums;
    private float* bias;
    private float* padded;
    private int features;
    private int units;
    private int batch;

    /// <summary>Steps of a block.</summary>
    internal int Steps { get; private set; }

    /// <param name="context">The operator.</param>
    /// <param name="units">Rows of the weights.</param>
    /// <param name="unitsOfBoth">Units before the one from which on the bias of the state is not added here.</param>
    internal static InputSums Of(in BindContext context, int units, int unitsOfBoth)
    {
        TensorInfo x = context.Input(0);
        int batch = x.Dimension(1);
        long rows = Math.Max(RowsAtOnce, BlockBytes / sizeof(float) / units);
        int steps = (int)Math.Clamp((rows + batch - 1) / batch, 1, x.Dimension(0));
        var bias = new BothBiases { Bias = (float*)context.InputData(3), Units = units, Both = unitsOfBoth };
        var product = new DenseArguments
        {
            Weights = (float*)context.InputData(1),
            Bias = bias.Bias == null ? null : (float*)context.Shared((long)units * sizeof(float), bias, BothBiases.Add),
            Output = (float*)context.Scratch(((Rounded((long)steps * batch) * units) + StateProduct.Room) * sizeof(float)),
            Units = units,
            Depth = x.Dimension(2),
            Rows = (int)Rounded((long)steps * batch),
            Activation = ActivationFormulas.Linear.Fast,
        };

        // EdgeInference.Nano adds the bias to the whole product, and has the bits of the scalar kernel.
        float* late = context.Fast ? null : product.Bias;
        product.Bias = context.Fast ? product.Bias : null;
        BoundKernel kernel = DenseKernel.Bind(in context, product, ActivationKind.Linear, out DenseArguments* kept);
        return new InputSums
        {
            kernel = kernel,
            arguments = kept,
            sums = product.Output,
            bias = late,
            padded = (float*)context.Scratch((long)RowsAtOnce * x.Dimension(2) * sizeof(float)),
            features = x.Dimension(2),
            units = units,
            batch = batch,
            Steps = steps,
        };
    }

    /// <summary>Computes the sums of a block.</summary>
    internal readonly void Compute(float* x, int steps)
    {
        int rows = steps * batch;
        int whole = rows / RowsAtOnce * RowsAtOnce;
        if (whole > 0)
        {
            Run(x, whole, sums);
        }

        if (whole < rows)
        {
            nint left = (nint)(rows - whole) * features;
            new Span<float>(padded, RowsAtOnce * features).Clear();
            Buffer.MemoryCopy(x + ((nint)whole * features), padded, left * sizeof(float), left * sizeof(float));
            Run(padded, RowsAtOnce, sums + ((nint)whole * units));
        }

        for (nint i = 0; bias != null && i < (nint)rows * units; i++)
        {
            sums[i] += bias[i % units];
        }
    }

    private readonly void Run(float* x, int rows, float* output)
    {
        arguments->Input = x;
        arguments->Rows = rows;
        arguments->Output = output;
        kernel.Run();
    }

    private static long Rounded(long rows) => (rows + RowsAtOnce - 1) / RowsAtOnce * RowsAtOnce;

    /// <summary>The sums of a step of the block and a sequence. <see cref="StateProduct.Room"/> elements behind them may be read.</summary>
    internal readonly float* At(int step, int sequence) => sums + ((((nint)step * batch) + sequence) * units);

    // The bias of the input with that of the state, which lies behind it.
    private struct BothBiases
    {
        internal float* Bias;
        internal int Units;
        internal int Both;

        internal static void Add(byte* destination, BothBiases state)
        {
            for (int i = 0; i < state.Units; i++)
            {
                ((float*)destination)[i] = i < state.Both ? state.Bias[i] + state.Bias[state.Units + i] : state.Bias[i];
            }
        }
    }
}
