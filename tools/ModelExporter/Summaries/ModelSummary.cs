using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;

namespace EdgeInference.Tool.Summaries;

/// <summary>What <c>edge inspect</c> says of one operator.</summary>
internal sealed record OperatorSummary(
    int Index, string Operator, string Activation, string Input, string Output, int ConstantBytes, long MultiplyAccumulates, float? OutputScale, int? OutputZeroPoint);

/// <summary>What <c>edge inspect</c> says of a model.</summary>
internal sealed record ModelSummary(
    ContractSummary Contract,
    string Name,
    string Precision,
    int FileBytes,
    int ConstantBytes,
    int ArenaBytes,
    long? PackedBytes,
    long MultiplyAccumulates,
    int SelfTestVectors,
    NanoEstimate? Nano,
    string NanoProblem,
    IReadOnlyList<OperatorSummary> Operators)
{
    internal static ModelSummary Of(EdgeModel model)
    {
        ModelFile file = model.File;
        using NanoEngine? nano = NanoEngine.TryCreate(model, out string problem);
        OperatorSummary[] operators = [.. file.Operators.Select(Summarize)];
        return new ModelSummary(
            ContractSummary.Of(model),
            model.Name,
            PrecisionText.Of(Graph.CommonPrecision(file)),
            file.Length,
            file.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant).DistinctBy(tensor => tensor.Offset).Sum(tensor => tensor.Bytes),
            file.ArenaBytes,
            PackedWeights.Bytes(model),
            operators.Sum(row => row.MultiplyAccumulates),
            SelfTest.Count(model),
            nano is not null ? NanoCost.Of(file.Bytes.Memory[..file.Length]) : null,
            problem,
            operators);
    }

    private static OperatorSummary Summarize(OperatorRecord record, int index)
    {
        TensorInfo output = record.Outputs[0];
        return new OperatorSummary(
            index,
            record.Info.Name,
            Activation(record),
            Describe(record.Inputs[0]),
            Describe(output),
            record.Inputs.Where(input => input is { Storage: TensorStorage.Constant }).Sum(input => input.Bytes),
            OperatorDefinitions.MultiplyAccumulates(record),
            output.IsQuantized ? output.Scale : null,
            output.IsQuantized ? output.ZeroPoint : null);
    }

    private static string Activation(OperatorRecord record)
    {
        int position = Array.IndexOf(record.Info.Parameters, "activation");
        int kind = position < 0 ? 0 : record.Int(position);
        return kind != 0 ? ((ActivationKind)kind).ToString() : OperatorDefinitions.Of(record.Info.Opcode).IsLayer && record.HasInput(5) ? "table" : "";
    }

    private static string Describe(TensorInfo tensor)
    {
        string text = $"{tensor.Type.ToString().ToLowerInvariant()} {tensor.ShapeText()}";
        return tensor.IsQuantized ? FormattableString.Invariant($"{text} {tensor.Scale:G4}·(q{-tensor.ZeroPoint:+0;-0;+0})") : text;
    }
}
