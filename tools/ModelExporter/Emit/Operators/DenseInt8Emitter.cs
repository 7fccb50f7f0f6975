using System.Numerics;
using ModelFormat;
using ModelFormat.Rules;

namespace ModelExporter.Emit.Operators;

/// <summary>Dense in int8: packed products of inputs and constants, then requantization, clamp and table for each unit.</summary>
internal static class DenseInt8Emitter
{
    private const int StepBytes = 13;
    private const int StepInstructions = 4;
    private const int UnitBytes = 70;
    private const int UnitInstructions = 17;

    // Inputs that one method holds in locals.
    private const int BlockInputs = 128;

    internal static void Emit(EmitContext context, OperatorRecord record)
    {
        TensorRecord input = record.Inputs[0];
        TensorRecord weights = record.Inputs[1];
        TensorRecord output = record.Outputs[0];
        int units = weights.Dimension(0);
        int depth = weights.Dimension(1);
        ReadOnlySpan<sbyte> w = context.Data<sbyte>(weights);
        List<LaneGroup> groups = LanePlan.Make(w, units, context.Range(input));
        var finish = new DenseInt8Finish(context, record, groups, FoldedBias(context, record));
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
                        finish.Emit(groups[g], row * units);
                    }
                }
            }
        }

        context.SetRange(output, finish.Range);
    }

    private static void EmitGroup(EmitContext context, OperatorRecord record, LaneGroup group, (int Index, int Count) place, (int Row, int Start, int End, int Depth) block, ReadOnlySpan<sbyte> weights)
    {
        var terms = new List<string>();
        int missing = context.Missing(record.Inputs[0], block.Row + block.Start, block.End - block.Start);
        context.Room(((block.End - block.Start) * StepBytes) + (missing * 9) + (group.Lanes.Count * UnitBytes) + 60, missing + 10);
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
            context.Add($"{context.Declare("ulong", "s")}s = (ulong)({sum});", (count * StepInstructions) + 2, (count * StepBytes) + 14);
        }
        else
        {
            context.Add($"{partial} = {sum};", (count * StepInstructions) + 4, (count * StepBytes) + 20);
        }
    }

    // A few terms to a line, so that a line can be read.
    private static string Wrapped(List<string> terms)
    {
        const int TermsPerLine = 6;
        return string.Join("\n                + ", terms.Chunk(TermsPerLine).Select(line => string.Join(" + ", line)));
    }

    // The sum of the weights times the input's zero point joins the bias, modulo 2³² as in the engines.
    private static int[] FoldedBias(EmitContext context, OperatorRecord record)
    {
        TensorRecord weights = record.Inputs[1];
        int depth = weights.Dimension(1);
        int[] bias = new int[weights.Dimension(0)];
        for (int unit = 0; unit < bias.Length; unit++)
        {
            int sum = 0;
            foreach (sbyte weight in context.Data<sbyte>(weights).Slice(unit * depth, depth))
            {
                sum += weight;
            }

            int stored = record.HasInput(2) ? context.Data<int>(record.Inputs[2])[unit] : 0;
            bias[unit] = unchecked(stored - (record.Inputs[0].ZeroPoint * sum));
        }

        return bias;
    }

    /// <summary>What follows the sums of a layer.</summary>
    private sealed class DenseInt8Finish
    {
        // A table that reaches over all possible results saves the clamp's comparisons, as long as it is small.
        private const int MaxTableEntries = 4096;

        private readonly EmitContext context;
        private readonly OperatorRecord record;
        private readonly int[] bias;
        private readonly int min;
        private readonly int max;
        private readonly int zeroPoint;
        private readonly bool hasTable;
        private readonly bool usesTable;
        private readonly long tableLow;
        private readonly string table = "";
        private readonly string elementType;

        internal DenseInt8Finish(EmitContext context, OperatorRecord record, List<LaneGroup> groups, int[] bias)
        {
            this.context = context;
            this.record = record;
            this.bias = bias;
            min = record.Int(DenseRule.Min);
            max = record.Int(DenseRule.Max);
            zeroPoint = record.Int(DenseRule.ZeroPoint);
            hasTable = record.HasInput(5);
            elementType = record.Outputs[0].Type == TensorType.Int8 ? "sbyte" : "short";
            List<RequantizationCode> forms = [.. groups.SelectMany(group => group.Lanes).Select(lane => Form(lane, 0))];
            long low = Math.Min(min, forms.Where(form => form.IsProven).Select(form => form.Low).DefaultIfEmpty(min).Min());
            long high = Math.Max(max, forms.Where(form => form.IsProven).Select(form => form.High).DefaultIfEmpty(max).Max());
            usesTable = hasTable || low < min || high > max;
            if (high - low >= MaxTableEntries)
            {
                usesTable = hasTable;
                low = min;
                high = max;
            }

            tableLow = low;
            table = usesTable ? MakeTable((int)low, (int)high) : "";
            Range = OutputRange();
        }

        /// <summary>What an output can be.</summary>
        internal ValueRange Range { get; }

        internal void Emit(LaneGroup group, int offset)
        {
            for (int k = 0; k < group.Lanes.Count; k++)
            {
                Lane lane = group.Lanes[k];
                string value = Extract(lane, k == 0, k == group.Lanes.Count - 1);
                RequantizationCode form = Form(lane, 0);
                bool covered = usesTable && form.IsProven && form.Low >= tableLow && form.High < tableLow + TableEntries;
                if (covered)
                {
                    string index = Expression(Form(lane, tableLow), value);
                    context.Write(record.Outputs[0], offset + lane.Unit, $"{context.Local(elementType, table)}[(int)({index})]", UnitInstructions, UnitBytes, isNarrow: true);
                    continue;
                }

                EmitClamped(form, lane, value, offset);
            }
        }

        private int TableEntries { get; set; }

        private RequantizationCode Form(Lane lane, long low)
        {
            int channel = record.Inputs[3].Elements == 1 ? 0 : lane.Unit;
            return RequantizationCode.Make(
                lane,
                bias[lane.Unit],
                context.Data<int>(record.Inputs[3])[channel],
                context.Data<int>(record.Inputs[4])[channel],
                zeroPoint,
                min,
                low);
        }

        private static string Extract(Lane lane, bool isFirst, bool isLast)
        {
            if (isLast)
            {
                return lane.Shift == 0 ? "(long)s" : $"(long)(s >> {lane.Shift})";
            }

            return isFirst ? $"(long)(s & {(1UL << lane.Bits) - 1}UL)" : $"(long)((s << {64 - lane.Shift - lane.Bits}) >> {64 - lane.Bits})";
        }

        private string Expression(RequantizationCode form, string value)
        {
            string product = $"({value} * {Long(form.Multiplier)}) + {Long(form.Constant)}";
            if (!form.NeedsSign)
            {
                return $"({product}) >> {form.Shift}";
            }

            context.Add($"{context.Declare("long", "p")}p = {product};", 9, 30);
            context.Add("if (p < 0)", 3, 5);
            context.Add("{", 0, 0);
            context.Add($"    p -= {Long(form.SignStep)};", 2, 12);
            context.Add("}", 0, 0);
            return $"(p + {Long(form.AfterSign)}) >> {form.Shift}";
        }

        private void EmitClamped(RequantizationCode form, Lane lane, string value, int offset)
        {
            string q = $"{context.Declare("long", "q")}q";
            if (form.IsProven)
            {
                context.Add($"{q} = {Expression(form, value)};", 9, 40);
            }
            else
            {
                EmitGeneral(lane, value, q);
            }

            context.Add($"if (q < {min})", 4, 9);
            context.Add("{", 0, 0);
            context.Add($"    q = {min};", 0, 6);
            context.Add("}", 0, 0);
            context.Add($"else if (q > {max})", 4, 9);
            context.Add("{", 0, 0);
            context.Add($"    q = {max};", 0, 6);
            context.Add("}", 0, 0);
            string result = usesTable ? $"{context.Local(elementType, table)}[(int)q - ({tableLow})]" : "q";
            context.Write(record.Outputs[0], offset + lane.Unit, result, 4, 8, isNarrow: usesTable);
        }

        // The steps of FixedPoint.Requantize one by one, for what the short form is not proven for: sums beyond int32,
        // shifts to the left.
        private void EmitGeneral(Lane lane, string value, string q)
        {
            int channel = record.Inputs[3].Elements == 1 ? 0 : lane.Unit;
            int multiplier = context.Data<int>(record.Inputs[3])[channel];
            int shift = context.Data<int>(record.Inputs[4])[channel];
            string sum = $"(int)({value} + {Long(lane.Low + (BigInteger)bias[lane.Unit])})";
            sum = shift > 0 ? $"({sum} << {shift})" : sum;
            context.Add($"{q} = (({sum} * {Literal.Of((long)multiplier)}) + {Literal.Of(1L << 30)}) >> 31;", 14, 45);
            if (shift < 0)
            {
                context.Add($"q = (q + {Literal.Of(1L << (-shift - 1))} + (q >> 63)) >> {-shift};", 9, 20);
            }

            context.Add($"q = (int)q + {zeroPoint};", 5, 10);
        }

        private string MakeTable(int low, int high)
        {
            int index = record.Outputs[0].Index;
            TableEntries = high - low + 1;
            if (!hasTable)
            {
                return context.Made($"Clamp{index}", elementType, $"{(elementType == "sbyte" ? "Int8" : "Int16")}Clamp({low}, {high}, {min}, {max})", TableEntries);
            }

            string stored = elementType == "sbyte"
                ? context.Table($"Table{index}", "sbyte", context.Data<sbyte>(record.Inputs[5]))
                : context.Table($"Table{index}", "short", context.Data<short>(record.Inputs[5]));
            return context.Made($"Wide{index}", elementType, $"{(elementType == "sbyte" ? "Int8" : "Int16")}Wide({stored}, {low}, {high}, {min}, {max})", TableEntries);
        }

        private ValueRange OutputRange()
        {
            if (!hasTable)
            {
                return new ValueRange(min, max);
            }

            var values = new List<int>();
            for (int i = min + 128; i <= max + 128; i++)
            {
                values.Add(elementType == "sbyte" ? context.Data<sbyte>(record.Inputs[5])[i] : context.Data<short>(record.Inputs[5])[i]);
            }

            return new ValueRange(values.Min(), values.Max());
        }

        private static string Long(BigInteger value) => Literal.Of((long)value);
    }
}
