using System.Numerics;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>How the sums of a layer's units become its results: what the file says, and what the sums can be.</summary>
internal sealed class UnitScaling
{
    private static readonly BigInteger Limit = BigInteger.One << 62;

    private readonly int[] multipliers;
    private readonly sbyte[] shifts;

    internal UnitScaling(IReadOnlyList<Lane> lanes, long[] bias, int[] multipliers, sbyte[] shifts)
    {
        Lanes = lanes;
        Bias = bias;
        this.multipliers = multipliers;
        this.shifts = shifts;
    }

    /// <summary>What each unit's sum can be; sums are counted from its lowest.</summary>
    internal IReadOnlyList<Lane> Lanes { get; }

    /// <summary>The bias of each unit.</summary>
    internal long[] Bias { get; }

    /// <summary>Whether sums are those of int16, rounded once.</summary>
    internal bool IsInt64 { get; init; }

    /// <summary>Type of the results.</summary>
    internal required TensorType Output { get; init; }

    internal int ZeroPoint { get; init; }

    internal required int Min { get; init; }

    internal required int Max { get; init; }

    /// <summary>256 results for what is between the limits, or null.</summary>
    internal TensorInfo? Table { get; init; }

    internal int Multiplier(int unit) => multipliers[multipliers.Length == 1 ? 0 : unit];

    internal int Shift(int unit) => shifts[shifts.Length == 1 ? 0 : unit];

    /// <summary>The scaling of an operator with the inputs and parameters of Dense.</summary>
    internal static UnitScaling Of(EmitContext context, OperatorRecord record, IReadOnlyList<Lane> lanes) =>
        new(lanes, LayerWeights.FoldedBias(context, record), context.Data<int>(record.Inputs[3]).ToArray(), context.Data<sbyte>(record.Inputs[4]).ToArray())
        {
            IsInt64 = record.Inputs[0].Type == TensorType.Int16,
            Output = record.Outputs[0].Type,
            ZeroPoint = record.Int(DenseRule.ZeroPoint),
            Min = record.Int(DenseRule.Min),
            Max = record.Int(DenseRule.Max),
            Table = record.HasInput(5) ? record.Inputs[5] : null,
        };

    /// <summary>One shift and one form for all units, where each is exact over all that its sum can be.</summary>
    internal bool TryUniform(out UniformScaling uniform)
    {
        int units = Lanes.Count;
        var forms = new RequantizationCode[units];
        uniform = new UniformScaling(units);
        for (int unit = 0; unit < units; unit++)
        {
            forms[unit] = IsInt64
                ? RequantizationCode.MakeInt64(Lanes[unit], Bias[unit], Multiplier(unit), Shift(unit), ZeroPoint)
                : RequantizationCode.MakeSigned(Lanes[unit], (int)Bias[unit], Multiplier(unit), Shift(unit), ZeroPoint, Min);
            if (!forms[unit].IsProven)
            {
                return false;
            }
        }

        uniform.Shift = forms.Max(form => form.Shift);
        uniform.HasSign = forms.Any(form => form.NeedsSign);
        uniform.Low = forms.Min(form => form.Low);
        uniform.High = forms.Max(form => form.High);
        for (int unit = 0; unit < units; unit++)
        {
            RequantizationCode form = forms[unit];
            int more = uniform.Shift - form.Shift;
            BigInteger multiplier = form.Multiplier << more;
            BigInteger constant = form.Constant << more;
            BigInteger offset = form.AfterSign << more;
            BigInteger step = form.SignStep << more;

            // A table may be counted from its lowest entry.
            BigInteger counted = BigInteger.Max(BigInteger.Abs(uniform.Low), BigInteger.Abs(Min)) << uniform.Shift;
            if ((Lanes[unit].Span * multiplier) + BigInteger.Abs(constant) + BigInteger.Abs(offset) + step + counted >= Limit)
            {
                return false;
            }

            uniform.Multipliers[unit] = (long)multiplier;
            uniform.Constants[unit] = (long)constant;
            uniform.Offsets[unit] = (long)offset;
            uniform.SignSteps[unit] = (long)step;
        }

        return true;
    }
}

/// <summary>result = (p − (p &lt; 0 ? sign step : 0) + offset) &gt;&gt; shift with p = sum · multiplier + constant.</summary>
internal sealed class UniformScaling(int units)
{
    internal int Shift { get; set; }

    internal bool HasSign { get; set; }

    internal long Low { get; set; }

    internal long High { get; set; }

    internal long[] Multipliers { get; } = new long[units];

    internal long[] Constants { get; } = new long[units];

    internal long[] Offsets { get; } = new long[units];

    internal long[] SignSteps { get; } = new long[units];
}
