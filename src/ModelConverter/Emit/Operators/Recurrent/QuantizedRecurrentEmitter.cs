using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>QuantizedLSTM and QuantizedRecurrent: the steps of their rules, with the products of the gates as for Dense.</summary>
internal sealed class QuantizedRecurrentEmitter
{
    private const int Half = 1 << 14;
    private const string Lines = "EdgeInference.ModelFormat.Numerics.SigmoidLines";

    // A call of the engine's sigmoid or tanh.
    private const int LineInstructions = 60;

    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly string name;
    private readonly bool isLong;
    private readonly int hidden;
    private readonly int gates;
    private readonly TensorType type;
    private readonly int zeroPoint;

    private QuantizedRecurrentEmitter(EmitContext context, OperatorRecord record)
    {
        this.context = context;
        this.record = record;
        isLong = record.Info.Opcode == Opcode.QuantizedLSTM;
        name = Literal.Of(record.Outputs[0].Index);
        hidden = record.Inputs[2].Dimension(1);
        gates = record.Inputs[2].Dimension(0) / hidden;
        type = record.Inputs[0].Type;
        zeroPoint = record.Outputs[1].ZeroPoint;
    }

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        if (context.HasArrays())
        {
            context.NeedsEngine = true;
            new QuantizedRecurrentEmitter(context, record).Emit();
        }
    }

    private int Cell => record.Int(QuantizedRecurrentRule.Cell);

    private bool IsResetBefore => !isLong && Cell == QuantizedRecurrentRule.ResetBefore;

    private void Emit()
    {
        int n = hidden;
        string fromInput = context.Buffer("Products" + name, "short", gates * n);
        string fromState = context.Buffer("Dots" + name, "short", gates * n);
        string element = EmitContext.ElementType(type);
        TensorInfo x = record.Inputs[0];
        GateCode input = Gates(0, 1, 3, QuantizedLSTMRule.InputFactors, x.ZeroPoint, 0, gates * n, context.Range(x), () => context.Source(x), fromInput);
        int stateBias = isLong ? -1 : QuantizedRecurrentRule.StateBias;
        int byState = IsResetBefore ? 2 : gates;
        ValueRange all = EmitContext.Limits(type);
        GateCode state = Gates(1, 2, stateBias, QuantizedLSTMRule.StateFactors, zeroPoint, 0, byState * n, all, () => context.Target(record.Outputs[1]), fromState);
        GateCode? candidate = null;
        if (IsResetBefore)
        {
            string reset = context.Buffer("Reset" + name, element, n);
            candidate = Gates(2, 2, stateBias, QuantizedLSTMRule.StateFactors, zeroPoint, 2 * n, n, all, () => new ArrayPlace(context.Local(element, reset), 0), fromState);
        }

        context.CloseMethod();
        var walk = new StepLoops(context, record);
        Begin(RecurrentRule.FirstState, record.Outputs[1], zeroPoint);
        Begin(RecurrentRule.FirstCell, record.Outputs[2], 0);
        walk.OpenSequences();
        walk.OpenSteps();
        context.Add($"{input.Place} = place * {x.Dimension(2)};", 6, 14);
        context.Add($"{state.Place} = sequence * {n};", 6, 14);
        input.Call(context);
        state.Call(context);
        context.Add($"{context.Declare("int", "first")}first = sequence * {n};", 4, 8);
        if (isLong)
        {
            LongShort();
        }
        else
        {
            Gated(candidate);
        }

        ArrayPlace last = context.Target(record.Outputs[1]);
        ArrayPlace states = context.Target(record.Outputs[0]);
        context.Add($"Array.Copy({last.Name}, first{StepLoops.Plus(last.Offset)}, {states.Name}, (place * {n}){StepLoops.Plus(states.Offset)}, {n});", 18, 26);
        context.EndLoop();
        walk.CloseSequences();
        context.CloseMethod();
    }

    private GateCode Gates(int slot, int weights, int bias, int factors, int zero, int first, int units, ValueRange range, Func<ArrayPlace> from, string results)
    {
        TensorInfo matrix = record.Inputs[weights];
        int depth = matrix.LastDimension;
        int[] multipliers = context.Data<int>(record.Inputs[factors]).ToArray();
        sbyte[] shifts = context.Data<sbyte>(record.Inputs[factors + 1]).ToArray();

        // One for all, one for each run of neighbours, or one for each.
        int run = multipliers.Length == 1 ? int.MaxValue : multipliers.Length < units ? units / multipliers.Length : 1;
        long[] folded = LayerWeights.FoldedBias(context, matrix, bias >= 0 && record.HasInput(bias) ? record.Inputs[bias] : null, type, zero);
        var scaling = new UnitScaling(
            [],
            folded[first..(first + units)],
            [.. Enumerable.Range(first, units).Select(unit => multipliers[unit / run])],
            [.. Enumerable.Range(first, units).Select(unit => shifts[unit / run])])
        {
            IsInt64 = type == TensorType.Int16,
            Output = TensorType.Int16,
            Min = short.MinValue,
            Max = short.MaxValue,
        };
        int[] integers = LayerWeights.Integers(context, matrix)[(first * depth)..((first + units) * depth)];
        return GateCode.Fixed(context, name, slot, integers, scaling, range, first, from, results);
    }

    // The first state or cell of all sequences, where the last one is to be.
    private void Begin(int input, TensorInfo state, int zero)
    {
        ArrayPlace to = context.Target(state);
        if (record.HasInput(input))
        {
            ArrayPlace from = context.Source(record.Inputs[input]);
            context.Add($"Array.Copy({from.Name}, {from.Offset}, {to.Name}, {to.Offset}, {state.Elements});", 16, 24);
            return;
        }

        context.BeginLoop($"for (int k = {to.Offset}; k < {to.Offset + state.Elements}; k++)", state.Elements);
        context.Add($"{to.Name}[k] = {zero};", 4, 8);
        context.EndLoop();
    }

    private string A(int gate) => $"{context.Local("short", "Products" + name)}[{At(gate)}]";

    private string B(int gate) => $"{context.Local("short", "Dots" + name)}[{At(gate)}]";

    private string At(int gate) => gate == 0 ? "k" : $"k + {gate * hidden}";

    private string Table => context.Local("int", context.Table<int>("Lines" + name, "int", [.. context.Data<short>(record.Inputs[QuantizedLSTMRule.Table]).ToArray().Select(entry => (int)(ushort)entry)]));

    private string CellAt
    {
        get
        {
            ArrayPlace cell = context.Target(record.Outputs[2]);
            return $"{cell.Name}[first + k{StepLoops.Plus(cell.Offset)}]";
        }
    }

    private void Open(string target, int gate)
    {
        context.Add($"{context.Declare("int", target)}{target} = {A(gate)} + {B(gate)};", 10, 20);
        Saturate(target);
        context.Add($"{target} = {Lines}.Sigmoid({SigmoidLines.Step} * {target}, {Table});", LineInstructions, 14);
    }

    private void Saturate(string target) =>
        context.Add($"{target} = {target} < {short.MinValue} ? {short.MinValue} : {target} > {short.MaxValue} ? {short.MaxValue} : {target};", 9, 30);

    private void LongShort()
    {
        int clip = record.Int(QuantizedLSTMRule.CellClip);
        (int low, int high) = clip == 0 ? (short.MinValue, short.MaxValue) : (-clip, clip);
        context.BeginLoop($"for (int k = 0; k < {hidden}; k++)", hidden);
        Open("gate", 0);
        Open("show", 1);
        Open("keep", 2);
        context.Add($"{context.Declare("int", "v")}v = {A(3)} + {B(3)};", 10, 20);
        Saturate("v");
        context.Add($"v = {Lines}.Tanh({SigmoidLines.Step} * v, {Table});", LineInstructions, 14);
        Requantize("z", $"keep * {CellAt}", QuantizedLSTMRule.Forget);
        SaturateLong("z");
        context.Add($"{context.Declare("int", "next")}next = (int)z;", 3, 5);
        Requantize("z", "gate * v", QuantizedLSTMRule.Input);
        SaturateLong("z");
        context.Add("next += (int)z;", 5, 6);
        context.Add($"next = next < {low} ? {low} : next > {high} ? {high} : next;", 9, 30);
        context.Add($"{CellAt} = (short)next;", 8, 12);
        int shift = record.Int(QuantizedLSTMRule.CellPosition + 1);
        string position = $"((next * {record.Int(QuantizedLSTMRule.CellPosition)}) + {(shift > 0 ? 1 << (shift - 1) : 0)}) >> {shift}";
        context.Add($"v = show * {Lines}.Tanh({position}, {Table});", LineInstructions + 10, 30);
        Show("v", QuantizedLSTMRule.Output, StateAt());
        context.EndLoop();
    }

    private void Gated(GateCode? reset)
    {
        int candidate = gates - 1;
        if (candidate > 0)
        {
            // Both gates, and where the reset gate comes before the matrix what it leaves of the state.
            context.BeginLoop($"for (int k = 0; k < {candidate * hidden}; k++)", candidate * hidden);
            Open("gate", 0);
            context.Add($"{A(0)} = (short)gate;", 5, 9);
            context.EndLoop();
        }

        if (reset is not null)
        {
            context.BeginLoop($"for (int k = 0; k < {hidden}; k++)", hidden);
            context.Add($"{context.Declare("int", "v")}v = {A(1)} * {CellAt};", 12, 24);
            Show("v", QuantizedRecurrentRule.Output, $"{context.Local(EmitContext.ElementType(type), "Reset" + name)}[k]");
            context.EndLoop();
            context.Add($"{reset.Place} = 0;", 4, 8);
            reset.Call(context);
        }

        context.BeginLoop($"for (int k = 0; k < {hidden}; k++)", hidden);
        context.Add($"{context.Declare("int", "next")}next = {B(candidate)};", 6, 12);
        if (Cell == QuantizedRecurrentRule.ResetAfter)
        {
            context.Add($"next = (({A(1)} * next) + {Half}) >> 15;", 12, 24);
            Saturate("next");
        }

        context.Add($"next += {A(candidate)};", 8, 12);
        Saturate("next");
        context.Add(Cell == QuantizedRecurrentRule.ReLU ? "next = next < 0 ? 0 : next;" : $"next = {Lines}.Tanh({SigmoidLines.Step} * next, {Table});", LineInstructions, 16);
        if (candidate > 0)
        {
            context.Add($"next += (({A(0)} * ({CellAt} - next)) + {Half}) >> 15;", 18, 34);
            Saturate("next");
        }

        context.Add($"{CellAt} = (short)next;", 8, 12);
        context.Add($"{context.Declare("int", "v")}v = next << 15;", 4, 6);
        Show("v", QuantizedRecurrentRule.Output, StateAt());
        context.EndLoop();
    }

    private string StateAt()
    {
        ArrayPlace state = context.Target(record.Outputs[1]);
        return $"{state.Name}[first + k{StepLoops.Plus(state.Offset)}]";
    }

    // A product of two int16 on the scale of the state.
    private void Show(string product, int factor, string target)
    {
        ValueRange limits = EmitContext.Limits(type);
        Requantize("z", product, factor);
        context.Add($"z = z < {limits.Low - zeroPoint} ? {limits.Low - zeroPoint} : z > {limits.High - zeroPoint} ? {limits.High - zeroPoint} : z;", 9, 34);
        context.Store(target, type, $"z + ({zeroPoint})", 8, 14);
    }

    private void SaturateLong(string target) =>
        context.Add($"{target} = {target} < {short.MinValue} ? {short.MinValue} : {target} > {short.MaxValue} ? {short.MaxValue} : {target};", 9, 34);

    // FixedPoint.Requantize of an int32 with constants.
    private void Requantize(string target, string value, int factor)
    {
        int multiplier = record.Int(factor);
        int shift = record.Int(factor + 1);
        string z = $"{context.Declare("long", target)}{target}";
        context.Add($"{z} = {value};", 8, 20);
        if (shift > 0)
        {
            context.Add($"{target} <<= {shift};", 4, 6);
            context.Add($"{target} = {target} > {int.MaxValue} ? {int.MaxValue} : {target} < {int.MinValue} ? {int.MinValue} : {target};", 10, 36);
        }

        context.Add($"{target} = (({target} * {Literal.Of((long)multiplier)}) + {Literal.Of(1L << 30)}) >> 31;", 8, 30);
        if (shift < 0)
        {
            context.Add($"{target} = ({target} + {Literal.Of(1L << (-shift - 1))} + ({target} >> 63)) >> {-shift};", 10, 26);
        }
    }
}
