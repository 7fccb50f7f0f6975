#nullable enable

namespace EdgeInference.ModelFormat;

/// <content>All operators with their names, for tools; a device has neither.</content>
internal static partial class OperatorTable
{
    private static readonly OperatorInfo[] rows = [.. Enum.GetValues<Opcode>().Select(opcode => new OperatorInfo(opcode))];

    /// <summary>Number of operators.</summary>
    public static int Count => rows.Length;

    /// <summary>The row at <paramref name="index"/>, 0 to <see cref="Count"/> − 1, in the order of the numbers.</summary>
    public static OperatorInfo Row(int index) => rows[index];

    /// <summary>The row of an opcode, or null if this version has none.</summary>
    public static OperatorInfo Find(int opcode) => Array.Find(rows, row => (int)row.Opcode == opcode)!;
}
