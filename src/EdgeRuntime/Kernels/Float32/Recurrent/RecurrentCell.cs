using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Activations;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>What RNN, GRU and LSTM share: sizes, addresses, the sums of a gate, and the walk over steps.</summary>
internal unsafe struct RecurrentCell
{
    // Rows of a gate are short: wider vectors would leave more elements that are summed one by one.
    private const int MaxLanes = 8;

    internal float* Input;
    internal float* Weights;
    internal float* Recurrent;
    internal float* Bias;
    internal float* FirstState;
    internal float* FirstCell;
    internal float* Peepholes;
    internal float* States;
    internal float* LastState;
    internal float* LastCell;

    /// <summary>Scratch: the state and the cell of one sequence, and room for each gate.</summary>
    internal float* State;
    internal float* Cell;
    internal float* Gates;
    internal int Steps;
    internal int Batch;
    internal int Features;
    internal int Hidden;
    internal int GateCount;
    internal float Clip;
    internal bool Reverse;
    internal bool Variant;
    internal bool Fast;
    internal RecurrentFunction F;
    internal RecurrentFunction G;
    internal RecurrentFunction H;

    internal static RecurrentCell Of(in BindContext context, int gates)
    {
        TensorInfo x = context.Input(0);
        OperatorRecord parameters = context.Operator;
        int hidden = context.Input(2).Dimension(1);
        return new RecurrentCell
        {
            Input = (float*)context.InputData(0),
            Weights = (float*)context.InputData(1),
            Recurrent = (float*)context.InputData(2),
            Bias = (float*)context.InputData(3),
            FirstState = (float*)context.InputData(4),
            FirstCell = (float*)context.InputData(5),
            Peepholes = (float*)context.InputData(6),
            States = (float*)context.OutputData(),
            LastState = (float*)context.OutputData(1),
            LastCell = parameters.Outputs.Length > 2 ? (float*)context.OutputData(2) : null,
            State = (float*)context.Scratch((long)hidden * sizeof(float)),
            Cell = (float*)context.Scratch((long)hidden * sizeof(float)),
            Gates = (float*)context.Scratch((long)(gates + 1) * hidden * sizeof(float)),
            Steps = x.Dimension(0),
            Batch = x.Dimension(1),
            Features = x.Dimension(2),
            Hidden = hidden,
            GateCount = gates,
            Clip = parameters.Float(RecurrentRule.Clip),
            Reverse = parameters.Int(RecurrentRule.Reverse) != 0,
            Variant = parameters.Int(RecurrentRule.Variant) != 0,
            Fast = context.Fast,
            F = RecurrentFunction.Of(parameters, 0),
            G = RecurrentFunction.Of(parameters, 1),
            H = RecurrentFunction.Of(parameters, 2),
        };
    }

    /// <summary>Runs a step function over all sequences; it reads and writes <see cref="State"/> and <see cref="Cell"/>.</summary>
    internal static void Run(ref RecurrentCell a, delegate*<ref RecurrentCell, float*, void> step)
    {
        for (int n = 0; n < a.Batch; n++)
        {
            Load(a.State, a.FirstState, n, a.Hidden);
            Load(a.Cell, a.FirstCell, n, a.Hidden);
            for (int i = 0; i < a.Steps; i++)
            {
                nint t = a.Reverse ? a.Steps - 1 - i : i;
                step(ref a, a.Input + (((t * a.Batch) + n) * a.Features));
                Copy(a.State, a.States + (((t * a.Batch) + n) * a.Hidden), a.Hidden);
            }

            Copy(a.State, a.LastState + ((nint)n * a.Hidden), a.Hidden);
            if (a.LastCell != null)
            {
                Copy(a.Cell, a.LastCell + ((nint)n * a.Hidden), a.Hidden);
            }
        }
    }

    /// <summary>W·x of gates from the first on, with both biases where <paramref name="bothBiases"/>, else W's.</summary>
    internal readonly void AddInput(float* x, int firstGate, int gates, bool bothBiases, float* sums)
    {
        for (int i = 0; i < gates * Hidden; i++)
        {
            int row = (firstGate * Hidden) + i;
            sums[i] = Bias == null ? 0f : bothBiases ? Bias[row] + Bias[(GateCount * Hidden) + row] : Bias[row];
        }

        AddProduct(Weights + ((nint)firstGate * Hidden * Features), x, Features, gates * Hidden, sums);
    }

    /// <summary>Adds R·h of gates from the first on.</summary>
    internal readonly void AddRecurrent(float* state, int firstGate, int gates, float* sums) =>
        AddProduct(Recurrent + ((nint)firstGate * Hidden * Hidden), state, Hidden, gates * Hidden, sums);

    /// <summary>Clips and applies an activation to a gate.</summary>
    internal readonly void Activate(in RecurrentFunction function, float* values, int count)
    {
        for (int i = 0; i < count && Clip > 0f; i++)
        {
            values[i] = MathF.Max(-Clip, MathF.Min(Clip, values[i]));
        }

        function.Apply(values, count);
    }

    private readonly void AddProduct(float* matrix, float* vector, int columns, int rows, float* sums)
    {
        var product = new Product { Matrix = matrix, Vector = vector, Columns = columns, Rows = rows, Sums = sums };
        if (Fast)
        {
            FloatLadder.All<AddProductStep, Product>(ref product);
        }
        else
        {
            FloatLadder.Scalar<AddProductStep, Product>(ref product);
        }
    }

    private static void Load(float* target, float* source, int sequence, int hidden)
    {
        if (source == null)
        {
            new Span<float>(target, hidden).Clear();
        }
        else
        {
            Copy(source + ((nint)sequence * hidden), target, hidden);
        }
    }

    private static void Copy(float* source, float* target, int count) =>
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));

    private readonly struct AddProductStep : IFloatStep<Product>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static bool Run<TVector>(ref Product product)
            where TVector : struct, IFloatVector<TVector>
        {
            if (TVector.Count > MaxLanes)
            {
                return false;
            }

            float* row = product.Matrix;
            float* vector = product.Vector;
            float* sums = product.Sums;
            int columns = product.Columns;
            int rows = product.Rows;
            for (int i = 0; i < rows; i++, row += columns)
            {
                sums[i] += Dot<TVector>(row, vector, columns);
            }

            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static float Dot<TVector>(float* a, float* b, int length)
            where TVector : struct, IFloatVector<TVector>
        {
            float sum = 0f;
            int i = 0;
            if (TVector.Count > 1)
            {
                TVector sums = default;
                for (; i <= length - TVector.Count; i += TVector.Count)
                {
                    sums = TVector.MultiplyAdd(TVector.Load(a + i), TVector.Load(b + i), sums);
                }

                sum = TVector.Sum(sums);
            }

            for (; i < length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }
    }

    // A matrix times a vector, added to sums.
    private struct Product
    {
        internal float* Matrix;
        internal float* Vector;
        internal float* Sums;
        internal int Columns;
        internal int Rows;
    }
}

/// <summary>An activation with its parameters.</summary>
internal unsafe struct RecurrentFunction
{
    private delegate*<float*, float*, nint, float, float, void> function;
    private float alpha;
    private float beta;

    internal static RecurrentFunction Of(OperatorRecord parameters, int index)
    {
        int position = RecurrentRule.Activations + (3 * index);
        return new RecurrentFunction
        {
            function = ActivationFormulas.Get((ActivationKind)parameters.Int(position)).Fast,
            alpha = parameters.Float(position + 1),
            beta = parameters.Float(position + 2),
        };
    }

    internal readonly void Apply(float* values, int count) => function(values, values, count, alpha, beta);
}
