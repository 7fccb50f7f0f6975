using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>
/// The products of a recurrent layer's gates with a row: methods that the loop over the steps calls. Where the row begins stands in an
/// array, since all methods of a model have the same parameters.
/// </summary>
internal sealed class GateCode
{
    private const int UnitBytes = 90;

    private readonly List<string> methods = [];

    private GateCode(string places, int slot, string results)
    {
        Place = $"{places}[{slot}]";
        Results = results;
    }

    /// <summary>Where the row begins, an element to be set before a call.</summary>
    internal string Place { get; }

    /// <summary>The static array of the results.</summary>
    internal string Results { get; }

    /// <summary>Calls the methods.</summary>
    internal void Call(EmitContext context)
    {
        foreach (string method in methods)
        {
            context.Add($"{method}(input, output);", 6, 10);
        }
    }

    /// <summary>Sums of real numbers, from 0 on.</summary>
    /// <param name="context">The code.</param>
    /// <param name="name">What the names of arrays end with.</param>
    /// <param name="slot">Which row it is.</param>
    /// <param name="weights">[units, depth].</param>
    /// <param name="units">Number of units.</param>
    /// <param name="first">Where the first result goes.</param>
    /// <param name="from">The array of the row.</param>
    /// <param name="results">The array of the results.</param>
    internal static GateCode Float32(EmitContext context, string name, int slot, float[] weights, int units, int first, Func<ArrayPlace> from, string results)
    {
        int depth = weights.Length / units;
        var items = new List<RowItem>();
        for (int i = 0; i < units; i++)
        {
            int unit = i;
            items.Add(new RowItem(
                0,
                (depth * ConvEmitter.FloatTermBytes) + UnitBytes,
                k => Literal.Of(weights[(unit * depth) + k]),
                "0f",
                (sum, size, count, y) => context.Store($"{y}[{first + unit}]", TensorType.Float32, sum, (count * RowCode.TermInstructions) + 1, size)));
        }

        return Emit(context, name, slot, depth, items, from, results, "float", ConvEmitter.FloatTermBytes);
    }

    /// <summary>Sums of integers, requantized.</summary>
    /// <param name="context">The code.</param>
    /// <param name="name">What the names of arrays end with.</param>
    /// <param name="slot">Which row it is.</param>
    /// <param name="weights">[units, depth].</param>
    /// <param name="scaling">The units.</param>
    /// <param name="range">What an element of the row can be.</param>
    /// <param name="first">Where the first result goes.</param>
    /// <param name="from">The array of the row.</param>
    /// <param name="results">The array of the results.</param>
    internal static GateCode Fixed(EmitContext context, string name, int slot, int[] weights, UnitScaling scaling, ValueRange range, int first, Func<ArrayPlace> from, string results)
    {
        int units = scaling.Bias.Length;
        int depth = weights.Length / units;
        List<LaneGroup> groups = LanePlan.Make(weights, units, range);
        context.CloseMethod();
        var finish = new DenseFinish(context, scaling, groups, context.Number($"gates {name} {slot}") + 1_000_000);
        List<RowItem> items = [.. groups.Select(sums => new RowItem(
            0,
            (depth * ConvEmitter.FixedTermBytes) + (sums.Lanes.Count * (DenseFinish.UnitBytes + 12)) + 20,
            k => LanePlan.Constant(sums, weights, depth, k) is var constant && constant == 0 ? null : Literal.Of(constant),
            Literal.Of(sums.Initial),
            (sum, size, count, y) =>
            {
                context.Add($"{context.Declare("long", "s")}s = {sum};", (count * RowCode.TermInstructions) + 2, size + 6);
                finish.Emit(sums, (unit, code, instructions, bytes, isNarrow) => context.Store($"{y}[{first + unit}]", scaling.Output, code, instructions, bytes, isNarrow));
            }))];
        return Emit(context, name, slot, depth, items, from, results, "long", ConvEmitter.FixedTermBytes);
    }

    private static GateCode Emit(EmitContext context, string name, int slot, int depth, List<RowItem> items, Func<ArrayPlace> from, string results, string type, int termBytes)
    {
        string places = context.Buffer("Places" + name, "int", 4);
        var code = new GateCode(places, slot, results);
        foreach (List<RowItem> chunk in RowCode.Chunks(items, depth))
        {
            context.CloseMethod();
            ArrayPlace row = from();
            string y = context.Local(type == "float" ? "float" : "short", results);
            context.Add($"{context.Declare("int", "at")}at = {code.Place};", 4, 8);
            RowCode.Emit(context, depth, k => k + row.Offset, chunk, row.Name, y, type, termBytes);
            code.methods.Add(context.CloseHelper());
        }

        return code;
    }
}
