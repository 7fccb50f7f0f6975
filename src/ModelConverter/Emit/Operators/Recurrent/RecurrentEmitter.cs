using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>RNN, GRU and LSTM in float32: a loop over sequences and steps, which calls the products of the gates and goes through the units.</summary>
internal sealed class RecurrentEmitter
{
    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly string name;
    private readonly int gates;
    private readonly int hidden;
    private readonly bool isVariant;

    private RecurrentEmitter(EmitContext context, OperatorRecord record, int gates)
    {
        this.context = context;
        this.record = record;
        this.gates = gates;
        name = Literal.Of(record.Outputs[0].Index);
        hidden = record.Inputs[2].Dimension(1);
        isVariant = record.Int(RecurrentRule.Variant) != 0;
    }

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        if (!context.HasArrays())
        {
            return;
        }

        int gates = record.Info.Opcode switch { Opcode.RNN => 1, Opcode.GRU => 3, _ => 4 };
        new RecurrentEmitter(context, record, gates).Emit();
    }

    private void Emit()
    {
        int n = hidden;
        float[] weights = context.Data<float>(record.Inputs[2]).ToArray();
        string state = context.Buffer("State" + name, "float", n);
        string products = context.Buffer("Products" + name, "float", gates * n);
        string dots = context.Buffer("Dots" + name, "float", gates * n);
        GateCode input = GateCode.Float32(context, name, 0, context.Data<float>(record.Inputs[1]).ToArray(), gates * n, 0, () => context.Source(record.Inputs[0]), products);
        int byState = gates == 3 ? 2 : gates;
        GateCode recurrent = GateCode.Float32(context, name, 1, weights[..(byState * n * n)], byState * n, 0, () => new ArrayPlace(context.Local("float", state), 0), dots);
        GateCode? candidate = null;
        if (gates == 3)
        {
            string source = isVariant ? state : context.Buffer("Reset" + name, "float", n);
            candidate = GateCode.Float32(context, name, 2, weights[(byState * n * n)..], n, byState * n, () => new ArrayPlace(context.Local("float", source), 0), dots);
        }

        context.CloseMethod();
        var walk = new StepLoops(context, record);
        walk.OpenSequences();
        walk.Load(4, context.Local("float", state));
        if (gates == 4)
        {
            walk.Load(5, context.Local("float", context.Buffer("Cell" + name, "float", n)));
        }

        walk.OpenSteps();
        context.Add($"{input.Place} = place * {record.Inputs[0].Dimension(2)};", 6, 14);
        input.Call(context);
        recurrent.Call(context);
        switch (gates)
        {
            case 1:
                Simple();
                break;
            case 3:
                Gated(candidate!);
                break;
            default:
                LongShort();
                break;
        }

        walk.CloseSteps(context.Local("float", state));
        walk.Save(1, context.Local("float", state));
        if (gates == 4 && record.Outputs.Length > 2)
        {
            walk.Save(2, context.Local("float", "Cell" + name));
        }

        walk.CloseSequences();
        context.CloseMethod();
    }

    private string Array(string array) => context.Local("float", array + name);

    // Bias of both matrices, products of both, in the engine's order.
    private string Sum(int gate, string k)
    {
        string bias = record.HasInput(3)
            ? context.Local("float", context.Floats("Bias" + name, context.Data<float>(record.Inputs[3])))
            : context.Local("float", context.Buffer("Bias" + name, "float", 2 * gates * hidden));
        return $"{bias}[{At(gate, k)}] + {bias}[{At(gates + gate, k)}] + {Array("Products")}[{At(gate, k)}] + {Array("Dots")}[{At(gate, k)}]";
    }

    private string At(int gate, string k) => gate == 0 ? k : $"{k} + {gate * hidden}";

    private void Simple()
    {
        context.BeginLoop($"for (int k = 0; k < {hidden}; k++)", hidden);
        Activate("v", Sum(0, "k"), 0);
        context.Add($"{Array("State")}[k] = v;", 4, 8);
        context.EndLoop();
    }

    private void Gated(GateCode candidate)
    {
        int n = hidden;
        string kept = context.Local("float", context.Buffer("Gates" + name, "float", 2 * n));
        context.BeginLoop($"for (int k = 0; k < {2 * n}; k++)", 2 * n);

        // The bias of the second matrix lies behind that of all three gates.
        string sum = Sum(0, "k");
        Activate("v", sum, 0);
        context.Add($"{kept}[k] = v;", 4, 8);
        context.EndLoop();
        if (!isVariant)
        {
            context.BeginLoop($"for (int k = 0; k < {n}; k++)", n);
            context.Add($"{Array("Reset")}[k] = {kept}[k + {n}] * {Array("State")}[k];", 12, 22);
            context.EndLoop();
        }

        candidate.Call(context);
        context.BeginLoop($"for (int k = 0; k < {n}; k++)", n);
        string bias = context.Local("float", "Bias" + name);
        string proposed = isVariant
            ? $"{bias}[k + {2 * n}] + {Array("Products")}[k + {2 * n}] + ({kept}[k + {n}] * ({bias}[k + {5 * n}] + {Array("Dots")}[k + {2 * n}]))"
            : Sum(2, "k");
        Activate("v", proposed, 1);
        context.Add($"{Array("State")}[k] = ((1f - {kept}[k]) * v) + ({kept}[k] * {Array("State")}[k]);", 20, 34);
        context.EndLoop();
    }

    private void LongShort()
    {
        context.BeginLoop($"for (int k = 0; k < {hidden}; k++)", hidden);
        Activate("gate", Peep(Sum(0, "k"), 0), 0);
        if (!isVariant)
        {
            Activate("keep", Peep(Sum(2, "k"), 2), 0);
        }
        else
        {
            context.Add($"{context.Declare("float", "keep")}keep = 1f - gate;", 4, 10);
        }

        Activate("v", Sum(3, "k"), 1);
        context.Add($"{context.Declare("float", "cell")}cell = (keep * {Array("Cell")}[k]) + (gate * v);", 12, 20);
        context.Add($"{Array("Cell")}[k] = cell;", 4, 8);
        Activate("gate", Peep(Sum(1, "k"), 1), 0);
        Activate("v", "cell", 2);
        context.Add($"{Array("State")}[k] = gate * v;", 6, 10);
        context.EndLoop();
    }

    // Peepholes come in ONNX's order: input, output, forget.
    private string Peep(string sum, int peephole)
    {
        if (!record.HasInput(6))
        {
            return sum;
        }

        string weights = context.Local("float", context.Floats("Peepholes" + name, context.Data<float>(record.Inputs[6])));
        return $"{sum} + ({weights}[{At(peephole, "k")}] * {Array("Cell")}[k])";
    }

    private void Activate(string target, string sum, int function)
    {
        context.Add($"{context.Declare("float", target)}{target} = {sum};", 20, 50);
        float limit = record.Float(RecurrentRule.Clip);
        if (0f < limit)
        {
            context.ComparesItself = true;
            context.Add($"{target} = {Literal.Of(limit)} < {target} && {target} == {target} ? {Literal.Of(limit)} : {target} < {Literal.Of(-limit)} ? {Literal.Of(-limit)} : {target};", 12, 40);
        }

        int place = RecurrentRule.Activations + (3 * function);
        var kind = (ActivationKind)record.Int(place);
        if (kind != ActivationKind.Linear)
        {
            (string code, int instructions) = ActivationCode.Of(context, kind, target, record.Float(place + 1), record.Float(place + 2));
            context.Add($"{target} = {code};", instructions + 1, 44);
        }
    }
}
