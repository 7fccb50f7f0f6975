using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference.Rows;

namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>All rows, by operator.</summary>
internal static class OperatorRows
{
    private static readonly Lazy<ILookup<Opcode, OperatorRow>> rows = new(() =>
        ((IEnumerable<OperatorRow>)[.. LayerRows.All(), .. PoolRows.All(), .. ElementRows.All(), .. MoveRows.All(), .. SumRows.All(), .. StateRows.All(), .. QuantizedStateRows.All(), .. ClassicalRows.All(), .. FeatureRows.All()])
        .ToLookup(row => row.Opcode));

    internal static IEnumerable<Opcode> Opcodes => Enumerable.Range(0, OperatorTable.Count).Select(i => OperatorTable.Row(i).Opcode);

    internal static IEnumerable<OperatorRow> Of(Opcode opcode) => rows.Value[opcode];
}
