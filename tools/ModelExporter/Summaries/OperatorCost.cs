using ModelFormat;

namespace ModelExporter.Summaries;

/// <summary>Multiply-accumulates of an operator.</summary>
internal static class OperatorCost
{
    /// <summary>Products that one inference adds up: each output element of a layer with weights takes one weight matrix row.</summary>
    internal static long MultiplyAccumulates(OperatorRecord record) => record.Info.Opcode switch
    {
        Opcode.Dense or Opcode.Conv => (long)record.Outputs[0].Elements * (record.Inputs[1].Elements / record.Inputs[1].Dimension(0)),
        _ => 0,
    };
}
