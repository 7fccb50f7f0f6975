using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>Dense in int8 and int16: packed products of inputs and constants, then requantization, clamp and table for each unit.</summary>
internal static class DenseFixedPointEmitter
{
    private const int StepBytes = 13;
    private const int StepInstructions = 4;

    // Inputs that one method holds in locals.
    private const int BlockInputs = 128;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        TensorInfo input = record.Inputs[0];
        TensorInfo weights = record.Inputs[1];
        TensorInfo output = record.Outputs[0];
        int units = weights.Dimension(0);
        int depth = weights.LastDimension;
        if (ConvEmitter.TryRows(context, record))
        {
            return;
        }

        int[] w = LayerWeights.Integers(context, weights, weights.Rank == 3 ? 2 : 1);
        List<LaneGroup> groups = LanePlan.Make(w, units, context.Range(input));
        var finish = new DenseFinish(context, UnitScaling.Of(context, record, []), groups, output.Index);
        int rows = input.Elements / depth;
        for (int row = 0; row < rows; row++)
        {
            context.Comment($"Dense {depth} to {units}{(rows > 1 ? $", row {row}" : "")}, up to {groups.Max(group => group.Lanes.Count)} units to an element");
            for (int start = 0; start < depth; start += BlockInputs)
            {
                int end = Math.Min(start + BlockInputs, depth);
                for (int g = 0; g < groups.Count; g++)
                {
                    EmitGroup(context, record, groups[g], (g, groups.Count), (row * depth, start, end, depth), w);
                    if (end == depth)
                    {
                        int offset = row * units;
                        finish.Emit(groups[g], (unit, code, instructions, size, isNarrow) => context.Write(output, offset + unit, code, instructions, size, isNarrow));
                    }
                }
            }
        }

        context.SetRange(output, finish.Range);
    }

    private static void EmitGroup(EmitContext context, OperatorRecord record, LaneGroup group, (int Index, int Count) place, (int Row, int Start, int End, int Depth) block, ReadOnlySpan<int> weights)
    {
        var terms = new List<string>();
        int missing = context.Missing(record.Inputs[0], block.Row + block.Start, block.End - block.Start);
        context.Room(((block.End - block.Start) * StepBytes) + (missing * 9) + (group.Lanes.Count * DenseFinish.UnitBytes) + 60, missing + 10);
        for (int i = block.Start; i < block.End; i++)
        {
            long constant = LanePlan.Constant(group, weights, block.Depth, i);
            if (constant != 0)
            {
                terms.Add($"({context.Read(record.Inputs[0], block.Row + i)} * {Literal.Of(constant)})");
            }
        }

        int count = terms.Count;
        bool isOnly = block.Start == 0 && block.End == block.Depth;
        string partial = isOnly ? "" : $"{context.Local("long", context.Buffer($"Sums{record.Outputs[0].Index}", "long", place.Count))}[{place.Index}]";
        terms.Add(block.Start == 0 ? Literal.Of(group.Initial) : partial);
        string sum = Wrapped(terms);
        if (block.End == block.Depth)
        {
            context.Add($"{context.Declare("long", "s")}s = {sum};", (count * StepInstructions) + 2, (count * StepBytes) + 14);
        }
        else
        {
            context.Add($"{partial} = {sum};", (count * StepInstructions) + 4, (count * StepBytes) + 20);
        }
    }

    // A few terms to a line, so that a line can be read.
    internal static string Wrapped(List<string> terms, string indent = "")
    {
        const int TermsPerLine = 6;
        return string.Join($"\n                {indent}+ ", terms.Chunk(TermsPerLine).Select(line => string.Join(" + ", line)));
    }
}
