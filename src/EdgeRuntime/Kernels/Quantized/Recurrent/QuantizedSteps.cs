using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Quantized.Recurrent;

/// <summary>What quantized recurrent layers share: the steps, and the state and the cell, which lie where the last ones are to be.</summary>
internal unsafe struct QuantizedSteps
{
    // Rows of the input that are multiplied at once: each weight that is read serves them all.
    private const int RowsAtOnce = 16;

    private byte* input;
    private nint inputBytes;
    private byte* firstState;
    private short* firstCell;
    private byte* states;
    private GateProduct inputProduct;
    private GateProduct stateProduct;
    private int zeroPoint;
    private bool isReverse;

    // Of the steps that the input is multiplied for at once.
    private short* inputGates;
    private nint stepGates;
    private int stepsAtOnce;

    /// <summary>The states of all sequences.</summary>
    internal byte* State;

    /// <summary>The cells of all sequences.</summary>
    internal short* Cell;

    /// <summary>Scratch: the gates of the step by the input, and those by the state, of all sequences.</summary>
    internal short* FromInput;
    internal short* FromState;
    internal int Count;
    internal int Batch;
    internal int Hidden;

    /// <summary>Of one sequence.</summary>
    internal nint StateBytes;

    /// <summary>Binds the products.</summary>
    /// <param name="context">The operator.</param>
    /// <param name="gates">Weight matrices side by side.</param>
    /// <param name="byState">Those of them that the state is multiplied with.</param>
    internal static QuantizedSteps Of(in BindContext context, int gates, int byState)
    {
        TensorInfo x = context.Input(0);
        int hidden = context.Input(2).Dimension(1);
        int batch = x.Dimension(1);
        long gateBytes = (long)gates * batch * hidden * sizeof(short);
        int together = context.Fast ? Math.Clamp(RowsAtOnce / batch, 1, x.Dimension(0)) : 1;
        var steps = new QuantizedSteps
        {
            input = context.InputData(0),
            inputBytes = (nint)batch * x.Dimension(2) * TensorTypes.SizeOf(x.Type),
            firstState = context.InputData(RecurrentRule.FirstState),
            firstCell = (short*)context.InputData(RecurrentRule.FirstCell),
            states = context.OutputData(),
            State = context.OutputData(1),
            Cell = (short*)context.OutputData(2),
            inputGates = (short*)context.Scratch(together * gateBytes),
            stepGates = (nint)gates * batch * hidden,
            stepsAtOnce = together,
            FromState = (short*)context.Scratch(gateBytes),
            Count = x.Dimension(0),
            Batch = batch,
            Hidden = hidden,
            StateBytes = (nint)hidden * TensorTypes.SizeOf(x.Type),
            zeroPoint = context.Output(1).ZeroPoint,
            isReverse = context.Operator.Int(QuantizedLSTMRule.Reverse) != 0,
        };
        steps.inputProduct = GateProduct.OfInput(in context, gates * hidden, together * batch, steps.inputGates);
        steps.stateProduct = GateProduct.OfState(in context, 0, byState * hidden, steps.FromState);
        return steps;
    }

    /// <summary>Fills the state and the cell with the first ones, of which each may have the place of the last.</summary>
    internal readonly void Begin()
    {
        int count = Batch * Hidden;
        if (firstState != null)
        {
            Buffer.MemoryCopy(firstState, State, Batch * StateBytes, Batch * StateBytes);
        }
        else if (StateBytes == Hidden)
        {
            new Span<sbyte>(State, count).Fill((sbyte)zeroPoint);
        }
        else
        {
            new Span<short>(State, count).Clear();
        }

        if (firstCell == null)
        {
            new Span<short>(Cell, count).Clear();
        }
        else
        {
            new ReadOnlySpan<short>(firstCell, count).CopyTo(new Span<short>(Cell, count));
        }
    }

    /// <summary>Makes the gates of a step.</summary>
    internal void Products(int step)
    {
        int within = step % stepsAtOnce;
        int block = Math.Min(stepsAtOnce, Count - step + within);
        if (within == 0)
        {
            inputProduct.Run(input + (Place(isReverse ? step + block - 1 : step) * inputBytes), block * Batch);
        }

        FromInput = inputGates + ((isReverse ? block - 1 - within : within) * stepGates);
        stateProduct.Run(State, Batch);
    }

    /// <summary>Writes the state to where that of a step belongs.</summary>
    internal readonly void Write(int step)
    {
        nint bytes = Batch * StateBytes;
        Buffer.MemoryCopy(State, states + (Place(step) * bytes), bytes, bytes);
    }

    private readonly nint Place(int step) => isReverse ? Count - 1 - step : step;
}
