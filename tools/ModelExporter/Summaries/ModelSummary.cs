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
    IReadOnlyList<FilePartSummary> FileParts,
    int ConstantBytes,
    int ArenaBytes,
    RuntimeMemory? Runtime,
    long MultiplyAccumulates,
    int SelfTestVectors,
    NanoEstimate? Nano,
    string NanoProblem,
    IReadOnlyList<OperatorSummary> Operators)
{
    /// <summary>What the model can learn on a device; null where it was not prepared.</summary>
    public LearningSummary? Learning { get; init; }

    /// <summary>The model on the board that was asked for, or null.</summary>
    public BoardSummary? Board { get; init; }

    internal static ModelSummary Of(EdgeModel model, NanoBoard? board = null)
    {
        ModelFile file = model.File;
        string problem = NanoEngine.Problem(model);
        NanoEstimate? estimate = problem.Length == 0 ? NanoCost.Of(file.Bytes.Memory[..file.Length], board) : null;
        OperatorSummary[] operators = [.. file.Operators.Select(Summarize)];
        return new ModelSummary(
            ContractSummary.Of(model),
            model.Name,
            PrecisionText.Of(Graph.CommonPrecision(file)),
            file.Length,
            FilePartSummary.Of(file),
            file.Tensors.Where(tensor => tensor.Storage == TensorStorage.Constant).Sum(tensor => tensor.Bytes),
            file.ArenaBytes,
            RuntimeOf(model),
            operators.Sum(row => row.MultiplyAccumulates),
            SelfTest.Count(model),
            estimate,
            problem,
            operators)
        {
            Learning = LearningSummary.Of(model),
            Board = board is not null && estimate is not null ? BoardSummary.Of(board, estimate) : null,
        };
    }

    // A model may ask for more than a session may take; all else about it can be said.
    private static RuntimeMemory? RuntimeOf(EdgeModel model)
    {
        try
        {
            return RuntimeMemory.Of(model);
        }
        catch (ModelFormatException)
        {
            return null;
        }
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
