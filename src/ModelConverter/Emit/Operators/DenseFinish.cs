using System.Numerics;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>What follows the sums of a layer.</summary>
internal sealed class DenseFinish
{
    /// <summary>Bytes of IL that a unit takes, from above.</summary>
    internal const int UnitBytes = 70;

    private const int UnitInstructions = 17;

    // A table that reaches over all possible results saves the clamp's comparisons, as long as it is small.
    private const int MaxTableEntries = 4096;

    private readonly EmitContext context;
    private readonly UnitScaling scaling;
    private readonly int index;
    private readonly int min;
    private readonly int max;
    private readonly bool hasTable;
    private readonly bool usesTable;
    private readonly long tableLow;
    private readonly string table = "";
    private readonly string elementType;

    /// <param name="context">The code.</param>
    /// <param name="scaling">The units.</param>
    /// <param name="groups">The elements that their sums lie in.</param>
    /// <param name="index">What the names of tables end with.</param>
    internal DenseFinish(EmitContext context, UnitScaling scaling, List<LaneGroup> groups, int index)
    {
        this.context = context;
        this.scaling = scaling;
        this.index = index;
        min = scaling.Min;
        max = scaling.Max;
        hasTable = scaling.Table is not null;
        elementType = EmitContext.ElementType(scaling.Output);
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
        Range = Results(context, scaling);
    }

    /// <summary>What an output can be.</summary>
    internal ValueRange Range { get; }

    /// <summary>Writes the results of a group: unit, expression, its instructions and bytes, and whether it has the output's type.</summary>
    internal void Emit(LaneGroup group, Action<int, string, int, int, bool> write)
    {
        for (int k = 0; k < group.Lanes.Count; k++)
        {
            Lane lane = group.Lanes[k];
            string value = Extract(lane, k == 0, k == group.Lanes.Count - 1);
            RequantizationCode form = Form(lane, 0);

            // Counting from the table's lowest makes the constants longer: what fits 64 bits may not then.
            RequantizationCode indexed = Form(lane, tableLow);
            bool covered = usesTable && form.IsProven && indexed.IsProven && form.Low >= tableLow && form.High < tableLow + TableEntries;
            if (covered)
            {
                string index = Expression(indexed, value);
                write(lane.Unit, $"{context.Local(elementType, table)}[(int)({index})]", UnitInstructions, UnitBytes, true);
                continue;
            }

            EmitClamped(form, lane, value, write);
        }
    }

    private int TableEntries { get; set; }

    private RequantizationCode Form(Lane lane, long low)
    {
        (int multiplier, int shift) = Factor(lane.Unit);
        return scaling.IsInt64
            ? RequantizationCode.MakeInt64(lane, scaling.Bias[lane.Unit], multiplier, shift, scaling.ZeroPoint, low)
            : RequantizationCode.Make(lane, (int)scaling.Bias[lane.Unit], multiplier, shift, scaling.ZeroPoint, min, low);
    }

    private (int Multiplier, int Shift) Factor(int unit) => (scaling.Multiplier(unit), scaling.Shift(unit));

    // The element is a long all the way: nanoFramework learns the type of a value at run time and keeps ulong through a cast, so that
    // a later shift to the right would bring in zeros where the value is negative.
    private static string Extract(Lane lane, bool isFirst, bool isLast)
    {
        if (isLast)
        {
            return lane.Shift == 0 ? "s" : $"(s >> {lane.Shift})";
        }

        return isFirst ? $"(s & {(1L << lane.Bits) - 1}L)" : $"(long)((ulong)(s << {64 - lane.Shift - lane.Bits}) >> {64 - lane.Bits})";
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

    private void EmitClamped(RequantizationCode form, Lane lane, string value, Action<int, string, int, int, bool> write)
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

        AddClamp(!form.IsProven || form.Low < min, !form.IsProven || form.High > max);
        string result = usesTable ? $"{context.Local(elementType, table)}[(int)q - ({tableLow})]" : "q";
        write(lane.Unit, result, 4, 8, usesTable);
    }

    // Comparisons that the proof leaves; both at once where the clamp is that of int16 itself.
    private void AddClamp(bool hasLow, bool hasHigh)
    {
        if (hasLow && hasHigh && min == short.MinValue && max == short.MaxValue)
        {
            context.Add("if (q != (short)q)", 5, 7);
            context.Add("{", 0, 0);
            context.Add($"    q = q < 0 ? {min} : {max};", 0, 18);
            context.Add("}", 0, 0);
            return;
        }

        if (hasLow)
        {
            context.Add($"if (q < {min})", 4, 9);
            context.Add("{", 0, 0);
            context.Add($"    q = {min};", 0, 8);
            context.Add("}", 0, 0);
        }

        if (hasHigh)
        {
            context.Add($"{(hasLow ? "else " : "")}if (q > {max})", 4, 11);
            context.Add("{", 0, 0);
            context.Add($"    q = {max};", 0, 8);
            context.Add("}", 0, 0);
        }
    }

    // The steps of FixedPoint.Requantize one by one, for what the short form is not proven for: shifts to the left, and
    // in int16 results beyond int32. The clamp follows in 64 bits, so that nothing is lost before it.
    private void EmitGeneral(Lane lane, string value, string q)
    {
        (int multiplier, int shift) = Factor(lane.Unit);
        string biased = $"({value} + {Long(lane.Low + (BigInteger)scaling.Bias[lane.Unit])})";
        if (scaling.IsInt64)
        {
            (int reduced, int total) = RequantizationCode.Reduced(multiplier, shift);
            context.Add($"{q} = (({biased} * {Literal.Of((long)reduced)}) + {Literal.Of(1L << (total - 1))}) >> {total};", 12, 50);
        }
        else
        {
            context.Add($"{q} = (int){biased};", 5, 13);
            if (shift > 0)
            {
                context.Add($"q <<= {shift};", 4, 5);
                context.Add($"q = q > {int.MaxValue} ? {int.MaxValue} : q < {int.MinValue} ? {int.MinValue} : q;", 10, 40);
            }

            context.Add($"q = ((q * {Literal.Of((long)multiplier)}) + {Literal.Of(1L << 30)}) >> 31;", 8, 30);
            if (shift < 0)
            {
                context.Add($"q = (q + {Literal.Of(1L << (-shift - 1))} + (q >> 63)) >> {-shift};", 9, 20);
            }
        }

        context.Add($"q += {scaling.ZeroPoint};", 4, 9);
    }

    private string MakeTable(int low, int high)
    {
        TableEntries = high - low + 1;
        if (!hasTable)
        {
            return context.Made($"Clamp{index}", elementType, $"{(elementType == "sbyte" ? "Int8" : "Int16")}Clamp({low}, {high}, {min}, {max})", TableEntries);
        }

        string stored = elementType == "sbyte"
            ? context.Table($"Table{index}", "sbyte", context.Data<sbyte>(scaling.Table!))
            : context.Table($"Table{index}", "short", context.Data<short>(scaling.Table!));
        return context.Made($"Wide{index}", elementType, $"{(elementType == "sbyte" ? "Int8" : "Int16")}Wide({stored}, {low}, {high}, {min}, {max})", TableEntries);
    }

    /// <summary>What results can be.</summary>
    internal static ValueRange Results(EmitContext context, UnitScaling scaling)
    {
        if (scaling.Table is not { } table)
        {
            return new ValueRange(scaling.Min, scaling.Max);
        }

        var values = new List<int>();
        for (int i = scaling.Min + 128; i <= scaling.Max + 128; i++)
        {
            values.Add(scaling.Output == TensorType.Int8 ? context.Data<sbyte>(table)[i] : context.Data<short>(table)[i]);
        }

        return new ValueRange(values.Min(), values.Max());
    }

    private static string Long(BigInteger value) => Literal.Of((long)value);
}
