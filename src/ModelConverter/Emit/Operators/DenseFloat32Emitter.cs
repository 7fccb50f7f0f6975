using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Dense in float32: products of inputs and constants, summed in the order of the inputs as the engine's reference does.</summary>
internal static class DenseFloat32Emitter
{
    private const int StepBytes = 9;
    private const int StepInstructions = 4;
    private const int BlockInputs = 128;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        int units = record.Inputs[1].Dimension(0);
        int depth = record.Inputs[1].Dimension(1);
        int rows = input.Elements / depth;
        if (ConvEmitter.TryRows(context, record))
        {
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            context.Comment($"Dense {depth} to {units}{(rows > 1 ? $", row {row}" : "")}");
            for (int start = 0; start < depth; start += BlockInputs)
            {
                int end = Math.Min(start + BlockInputs, depth);
                for (int unit = 0; unit < units; unit++)
                {
                    EmitUnit(context, record, row, unit, (start, end, depth));
                }
            }
        }
    }

    private static void EmitUnit(EmitContext context, OperatorRecord record, int row, int unit, (int Start, int End, int Depth) block)
    {
        int units = record.Inputs[1].Dimension(0);
        int missing = context.Missing(record.Inputs[0], (row * block.Depth) + block.Start, block.End - block.Start);
        context.Room(((block.End - block.Start) * StepBytes) + (missing * 9) + 80, missing + 4);
        ReadOnlySpan<float> weights = context.Data<float>(record.Inputs[1]);
        bool isOnly = block.Start == 0 && block.End == block.Depth;
        string partial = isOnly ? "" : $"{context.Local("float", context.Buffer($"Sums{record.Outputs[0].Index}", "float", units))}[{unit}]";
        float bias = record.HasInput(2) ? context.Data<float>(record.Inputs[2])[unit] : 0f;
        var terms = new List<string> { block.Start == 0 ? Literal.Of(bias) : partial };
        for (int i = block.Start; i < block.End; i++)
        {
            terms.Add($"({context.Read(record.Inputs[0], (row * block.Depth) + i)} * {Literal.Of(weights[(unit * block.Depth) + i])})");
        }

        string sum = string.Join("\n                + ", terms.Chunk(6).Select(line => string.Join(" + ", line)));
        int instructions = ((block.End - block.Start) * StepInstructions) + 1;
        int size = ((block.End - block.Start) * StepBytes) + 5;
        if (block.End < block.Depth)
        {
            context.Add($"{partial} = {sum};", instructions + 4, size + 10);
            return;
        }

        var kind = (ActivationKind)record.Int(DenseRule.Activation);
        if (kind == ActivationKind.Linear)
        {
            context.Write(record.Outputs[0], (row * units) + unit, sum, instructions, size);
            return;
        }

        context.Add($"{context.Declare("float", "f")}f = {sum};", instructions + 1, size + 3);
        (string code, int cost) = ActivationCode.Of(context, kind, "f", record.Float(DenseRule.Alpha), record.Float(DenseRule.Beta));
        context.Write(record.Outputs[0], (row * units) + unit, code, cost, 40);
    }
}
