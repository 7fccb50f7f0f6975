using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.Runtime.Simd.Float;

namespace EdgeInference.Runtime.Kernels.Float32.Recurrent;

/// <summary>A step of one sequence.</summary>
internal unsafe interface IRecurrentStep
{
    /// <summary>Goes from a state, and LSTM's cell, to the next.</summary>
    /// <param name="a">The layer.</param>
    /// <param name="sums">What the input gives each gate, biases included. <see cref="StateProduct.Room"/> elements behind them may be read.</param>
    /// <param name="state">The state, which the next overwrites.</param>
    /// <param name="cell">The cell, likewise.</param>
    static abstract void Run<TVector>(ref RecurrentCell a, float* sums, float* state, float* cell)
        where TVector : struct, IFloatVector<TVector>;
}

/// <summary>What RNN, GRU and LSTM share: sizes, addresses, products, and the walk over steps.</summary>
internal unsafe struct RecurrentCell
{
    internal float* Bias;
    internal float* Peepholes;

    /// <summary>Scratch: room for each gate and one more.</summary>
    internal float* Gates;
    internal int Hidden;
    internal bool Variant;
    internal RecurrentFunction F;
    internal RecurrentFunction G;
    internal RecurrentFunction H;

    /// <summary>Of all gates, or of those that do not wait for another.</summary>
    internal StateProduct Product;

    /// <summary>Of the gate that waits for another.</summary>
    internal StateProduct Candidate;

    private float* input;
    private float* firstState;
    private float* firstCell;
    private float* states;
    private float* lastState;
    private float* lastCell;
    private float* state;
    private float* cell;
    private InputSums inputSums;
    private int steps;
    private int batch;
    private int features;
    private float clip;
    private bool isReverse;

    /// <param name="context">The operator.</param>
    /// <param name="gates">Gates of the weights.</param>
    /// <param name="gatesAtOnce">Gates whose products with the state do not wait for another gate.</param>
    /// <param name="gatesOfBoth">Gates before the one whose bias of the state is not added to what the input gives.</param>
    internal static RecurrentCell Of(in BindContext context, int gates, int gatesAtOnce, int gatesOfBoth)
    {
        TensorInfo x = context.Input(0);
        OperatorRecord parameters = context.Operator;
        int hidden = context.Input(2).Dimension(1);
        long stateBytes = (long)x.Dimension(1) * hidden * sizeof(float);
        return new RecurrentCell
        {
            Bias = (float*)context.InputData(3),
            Peepholes = (float*)context.InputData(6),
            Gates = (float*)context.Scratch((((long)(gates + 1) * hidden) + StateProduct.Room) * sizeof(float)),
            Hidden = hidden,
            Variant = parameters.Int(RecurrentRule.Variant) != 0,
            F = RecurrentFunction.Of(parameters, 0),
            G = RecurrentFunction.Of(parameters, 1),
            H = RecurrentFunction.Of(parameters, 2),
            Product = StateProduct.Of(in context, 0, gatesAtOnce),
            input = (float*)context.InputData(0),
            firstState = (float*)context.InputData(4),
            firstCell = (float*)context.InputData(5),
            states = (float*)context.OutputData(),
            lastState = (float*)context.OutputData(1),
            lastCell = parameters.Outputs.Length > 2 ? (float*)context.OutputData(2) : null,
            state = (float*)context.Scratch(stateBytes),
            cell = parameters.Outputs.Length > 2 ? (float*)context.Scratch(stateBytes) : null,
            inputSums = InputSums.Of(in context, gates * hidden, gatesOfBoth * hidden),
            steps = x.Dimension(0),
            batch = x.Dimension(1),
            features = x.Dimension(2),
            clip = parameters.Float(RecurrentRule.Clip),
            isReverse = parameters.Int(RecurrentRule.Reverse) != 0,
        };
    }

    /// <summary>Binds a step, by the widest vectors of this processor or one number at a time.</summary>
    internal static BoundKernel Bind<TStep>(in BindContext context, in RecurrentCell cell)
        where TStep : struct, IRecurrentStep
    {
        var binding = new Binding { Context = context, Cell = cell };
        if (!context.Fast || !FloatLadder.Vectors<BindStep<TStep>, Binding>(ref binding))
        {
            FloatLadder.Scalar<BindStep<TStep>, Binding>(ref binding);
        }

        return binding.Kernel;
    }

    /// <summary>Clips and applies an activation to a gate.</summary>
    internal readonly void Activate(in RecurrentFunction function, float* values, int count)
    {
        for (int i = 0; i < count && clip > 0f; i++)
        {
            values[i] = MathF.Max(-clip, MathF.Min(clip, values[i]));
        }

        function.Apply(values, count);
    }

    private static void Run<TStep, TVector>(void* pointer)
        where TStep : struct, IRecurrentStep
        where TVector : struct, IFloatVector<TVector>
    {
        ref RecurrentCell a = ref Unsafe.AsRef<RecurrentCell>(pointer);
        nint size = (nint)a.batch * a.Hidden;
        Load(a.state, a.firstState, size);
        if (a.cell != null)
        {
            Load(a.cell, a.firstCell, size);
        }

        for (int begin = 0; begin < a.steps; begin += a.inputSums.Steps)
        {
            int count = Math.Min(a.inputSums.Steps, a.steps - begin);
            nint first = a.isReverse ? a.steps - begin - count : begin;
            a.inputSums.Compute(a.input + (first * a.batch * a.features), count);
            for (int sequence = 0; sequence < a.batch; sequence++)
            {
                float* state = a.state + ((nint)sequence * a.Hidden);
                float* cell = a.cell + ((nint)sequence * a.Hidden);
                for (int i = 0; i < count; i++)
                {
                    int step = a.isReverse ? count - 1 - i : i;
                    TStep.Run<TVector>(ref a, a.inputSums.At(step, sequence), state, cell);
                    Copy(state, a.states + ((((first + step) * a.batch) + sequence) * a.Hidden), a.Hidden);
                }
            }
        }

        Copy(a.state, a.lastState, size);
        if (a.lastCell != null)
        {
            Copy(a.cell, a.lastCell, size);
        }
    }

    private static void Load(float* target, float* source, nint count)
    {
        if (source == null)
        {
            NativeMemory.Clear(target, (nuint)count * sizeof(float));
        }
        else
        {
            Copy(source, target, count);
        }
    }

    private static void Copy(float* source, float* target, nint count) => Buffer.MemoryCopy(source, target, count * sizeof(float), count * sizeof(float));

    private readonly struct BindStep<TStep> : IFloatStep<Binding>
        where TStep : struct, IRecurrentStep
    {
        public static bool Run<TVector>(ref Binding binding)
            where TVector : struct, IFloatVector<TVector>
        {
            binding.Kernel = new BoundKernel(&RecurrentCell.Run<TStep, TVector>, binding.Context.Keep(binding.Cell));
            return true;
        }
    }

    private ref struct Binding
    {
        internal BindContext Context;
        internal RecurrentCell Cell;
        internal BoundKernel Kernel;
    }
}
