using System.Numerics;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>
/// From sums to integers where the units are gone through in a loop: the steps of <see cref="RequantizationCode"/> with what a unit has
/// in arrays and one shift for all; where that is not proven, those of FixedPoint.Requantize one by one.
/// </summary>
internal sealed class ArrayFinish
{
    /// <summary>Bytes of IL that a unit takes, from above.</summary>
    internal const int UnitBytes = 150;

    private const int MaxTableEntries = 4096;
    private const int HalfBits = 30;

    private readonly EmitContext context;
    private readonly UnitScaling scaling;
    private readonly string name;
    private readonly string elementType;
    private readonly bool isProven;
    private readonly bool hasSign;
    private readonly int shift;
    private readonly long low;
    private readonly long high;
    private readonly string table = "";

    // Whether the table is counted from its lowest entry and clamps too.
    private readonly bool isCounted;
    private bool isLoaded;

    /// <param name="context">The code.</param>
    /// <param name="name">What the names of the arrays end with.</param>
    /// <param name="scaling">The units.</param>
    /// <param name="slots">The unit of each element of the arrays.</param>
    internal ArrayFinish(EmitContext context, string name, UnitScaling scaling, int[] slots)
    {
        this.context = context;
        this.name = name;
        this.scaling = scaling;
        elementType = EmitContext.ElementType(scaling.Output);
        isProven = scaling.TryUniform(out UniformScaling uniform);
        if (!isProven)
        {
            context.Table<int>("Multiplier" + name, "int", Array.ConvertAll(slots, slot => scaling.Multiplier(slot)));
            context.Table<sbyte>("Shift" + name, "sbyte", Array.ConvertAll(slots, slot => (sbyte)scaling.Shift(slot)));
            context.Table<long>("Base" + name, "long", Array.ConvertAll(slots, slot => scaling.Lanes[slot].Low + scaling.Bias[slot]));
            if (scaling.Table is not null)
            {
                table = MakeTable(scaling.Min, scaling.Max);
            }

            return;
        }

        low = uniform.Low;
        high = uniform.High;
        shift = uniform.Shift;
        hasSign = uniform.HasSign;
        bool usesTable = false;
        if (scaling.Table is not null || low < scaling.Min || high > scaling.Max)
        {
            long first = Math.Min(low, scaling.Min);
            long last = Math.Max(high, scaling.Max);
            usesTable = last - first < MaxTableEntries;
            if (usesTable)
            {
                (low, high) = (first, last);
            }

            if (usesTable || scaling.Table is not null)
            {
                table = usesTable ? MakeTable(first, last) : MakeTable(scaling.Min, scaling.Max);
            }
        }

        isCounted = usesTable;
        BigInteger counted = usesTable ? -(BigInteger)low << shift : 0;
        context.Table<long>("Multiplier" + name, "long", Array.ConvertAll(slots, slot => uniform.Multipliers[slot]));
        context.Table<long>("Base" + name, "long", Array.ConvertAll(slots, slot => hasSign ? uniform.Constants[slot] : (long)(uniform.Constants[slot] + uniform.Offsets[slot] + counted)));
        if (hasSign)
        {
            context.Table<long>("Sign" + name, "long", Array.ConvertAll(slots, slot => uniform.SignSteps[slot]));
            context.Table<long>("Offset" + name, "long", Array.ConvertAll(slots, slot => (long)(uniform.Offsets[slot] + counted)));
        }
    }

    /// <summary>Puts what a unit has into locals, where many places follow.</summary>
    internal void Load(string slot)
    {
        isLoaded = true;
        context.Add($"{context.Declare(isProven ? "long" : "int", "multiplier")}multiplier = {Entry(isProven ? "long" : "int", "Multiplier", slot)};", 5, 10);
        context.Add($"{context.Declare("long", "base0")}base0 = {Entry("long", "Base", slot)};", 5, 10);
        if (!isProven)
        {
            context.Add($"{context.Declare("int", "e")}e = {Entry("sbyte", "Shift", slot)};", 5, 12);
        }
        else if (hasSign)
        {
            context.Add($"{context.Declare("long", "step")}step = {Entry("long", "Sign", slot)};", 5, 10);
            context.Add($"{context.Declare("long", "offset")}offset = {Entry("long", "Offset", slot)};", 5, 10);
        }
    }

    /// <summary>Writes the code from a sum, less the lane's lowest, to an element.</summary>
    /// <param name="value">A number, not negative where the unit's lane proves it; read once.</param>
    /// <param name="slot">The unit's place in the arrays.</param>
    /// <param name="target">The element.</param>
    internal void Emit(string value, string slot, string target)
    {
        string multiplier = isLoaded ? "multiplier" : Entry(isProven ? "long" : "int", "Multiplier", slot);
        string constant = isLoaded ? "base0" : Entry("long", "Base", slot);
        if (!isProven)
        {
            EmitGeneral(value, slot, multiplier, constant);
            Clamp(true, true);
            Store(target, table.Length > 0 ? Looked("z", scaling.Min) : "z");
            return;
        }

        string code = $"(({value} * {multiplier}) + {constant}) >> {shift}";
        if (hasSign)
        {
            context.Add($"{context.Declare("long", "z")}z = ({value} * {multiplier}) + {constant};", 12, 22);
            context.Add($"z = (z - ((z >> 63) & {(isLoaded ? "step" : Entry("long", "Sign", slot))}) + {(isLoaded ? "offset" : Entry("long", "Offset", slot))}) >> {shift};", 15, 34);
            code = "z";
        }

        if (isCounted)
        {
            Store(target, $"{context.Local(elementType, table)}[(int)({code})]");
            return;
        }

        bool hasLow = low < scaling.Min || table.Length > 0;
        bool hasHigh = high > scaling.Max || table.Length > 0;
        if (hasLow || hasHigh)
        {
            if (!hasSign)
            {
                context.Add($"{context.Declare("long", "z")}z = {code};", 10, 24);
            }

            Clamp(hasLow, hasHigh);
            code = "z";
        }

        Store(target, table.Length > 0 ? Looked("z", scaling.Min) : code);
    }

    private string Entry(string type, string array, string slot) => $"{context.Local(type, array + name)}[{slot}]";

    private string Looked(string index, int first) => $"{context.Local(elementType, table)}[(int){index} - ({first})]";

    private void Store(string target, string code) =>
        context.Store(target, scaling.Output, code, 10, 30, isNarrow: table.Length > 0);

    private void Clamp(bool hasLow, bool hasHigh)
    {
        if (hasLow)
        {
            context.Add($"if (z < {scaling.Min})", 4, 9);
            context.Add("{", 0, 0);
            context.Add($"    z = {scaling.Min};", 0, 8);
            context.Add("}", 0, 0);
        }

        if (hasHigh)
        {
            context.Add($"{(hasLow ? "else " : "")}if (z > {scaling.Max})", 4, 11);
            context.Add("{", 0, 0);
            context.Add($"    z = {scaling.Max};", 0, 8);
            context.Add("}", 0, 0);
        }
    }

    private void EmitGeneral(string value, string slot, string multiplier, string start)
    {
        string z = context.Declare("long", "z");
        if (!isLoaded)
        {
            context.Add($"{context.Declare("int", "e")}e = {Entry("sbyte", "Shift", slot)};", 5, 12);
        }

        if (scaling.IsInt64)
        {
            string reduced = context.Declare("int", "m");
            context.Add($"{reduced}m = {multiplier};", 5, 10);
            context.Add($"m = m < {0x7FFF0000} ? (m + {1 << 15}) >> 16 : {0x7FFF};", 8, 26);
            context.Add($"{z}z = ((({value} + {start}) * m) + (1L << (14 - e))) >> (15 - e);", 22, 40);
        }
        else
        {
            context.Add($"{z}z = (int)({value} + {start});", 8, 16);
            context.Add("if (e > 0)", 3, 5);
            context.Add("{", 0, 0);
            context.Add("    z <<= e;", 0, 5);
            context.Add($"    z = z > {int.MaxValue} ? {int.MaxValue} : z < {int.MinValue} ? {int.MinValue} : z;", 0, 36);
            context.Add("}", 0, 0);
            context.Add($"z = ((z * {multiplier}) + {Literal.Of(1L << HalfBits)}) >> 31;", 12, 34);
            context.Add("if (e < 0)", 3, 5);
            context.Add("{", 0, 0);
            context.Add("    z = (z + (1L << (-e - 1)) + (z >> 63)) >> -e;", 16, 26);
            context.Add("}", 0, 0);
        }

        context.Add($"z += {scaling.ZeroPoint};", 4, 9);
    }

    private string MakeTable(long first, long last)
    {
        string narrow = elementType == "sbyte" ? "Int8" : "Int16";
        int length = (int)(last - first + 1);
        if (scaling.Table is not { } stored)
        {
            return context.Made("Clamp" + name, elementType, $"{narrow}Clamp({first}, {last}, {scaling.Min}, {scaling.Max})", length);
        }

        string field = elementType == "sbyte"
            ? context.Table("Table" + name, "sbyte", context.Data<sbyte>(stored))
            : context.Table("Table" + name, "short", context.Data<short>(stored));
        return context.Made("Wide" + name, elementType, $"{narrow}Wide({field}, {first}, {last}, {scaling.Min}, {scaling.Max})", length);
    }
}
