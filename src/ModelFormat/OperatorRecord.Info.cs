#nullable enable

namespace EdgeInference.ModelFormat;

/// <content>What a device has no room for.</content>
public sealed partial class OperatorRecord
{
    /// <summary>The operator's row with its names.</summary>
    internal OperatorInfo Info => OperatorTable.Find((int)Opcode)!;
}
