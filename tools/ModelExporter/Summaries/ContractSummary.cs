using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Summaries;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name, or empty.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Role">What an output means; null for an input.</param>
/// <param name="Unit">The unit of an input's values; null where there is none, or each feature has its own.</param>
internal sealed record PortSummary(string Name, string Shape, string Type, string? Role, string? Unit = null);

/// <summary>How a model decides.</summary>
/// <param name="Output">The name of the output that decides, or null if none does.</param>
/// <param name="Head">The function at its end: none, sigmoid or softmax.</param>
/// <param name="Classes">The text of each class.</param>
/// <param name="PositiveClass">The class that the threshold is for.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="Calibration">The calibration's method, or null.</param>
/// <param name="AbstainBand">Low and high end of the band in which no decision is taken, or null.</param>
/// <param name="Refusal">Why classifiers refuse the model, or null.</param>
internal sealed record DecisionSummary(string? Output, string Head, IReadOnlyList<string> Classes, int PositiveClass, float Threshold, string? Calibration, float[]? AbstainBand, string? Refusal);

/// <summary>Where a model comes from.</summary>
internal sealed record ProvenanceSummary(string Source, string SourceSha256, string SourceProducer, string Tool, string Options, string TrainingRowsSha256);

/// <summary>A model's contract: what goes in, what comes out and how it decides.</summary>
internal sealed record ContractSummary(
    IReadOnlyList<PortSummary> Inputs,
    IReadOnlyList<string> Features,
    IReadOnlyList<string> Units,
    IReadOnlyList<IReadOnlyList<string>> Categories,
    float SamplePeriod,
    int WindowLength,
    int WindowHop,
    bool AcceptsMissing,
    IReadOnlyList<PortSummary> Outputs,
    DecisionSummary Decision,
    HeldOutScores? HeldOut,
    ProvenanceSummary Provenance)
{
    /// <summary>What makes the features of samples; null where the model takes values as they are.</summary>
    public SignalSummary? Signals { get; init; }

    internal static ContractSummary Of(EdgeModel model)
    {
        ModelFile file = model.File;
        DecisionMetadata decision = file.Decision;
        int decides = decision.Output >= 0 ? decision.Output : file.Outputs.Length == 1 ? 0 : -1;
        return new ContractSummary(
            [.. file.Inputs.Select((tensor, i) => Port(file.InputName(i), tensor, null) with { Unit = Unit(file, i) })],
            file.Metadata.TextList(MetadataKey.InputNames),
            file.Metadata.TextList(MetadataKey.InputUnits),
            InputCategories.Read(file),
            decision.SamplePeriod,
            decision.WindowLength,
            decision.WindowHop,
            decision.AcceptsMissing,
            [.. file.Outputs.Select((tensor, i) => Port(file.OutputName(i), tensor, Text(decision.Role(i))))],
            new DecisionSummary(
                decides < 0 ? null : file.OutputName(decides),
                Text(decision.Head),
                model.Labels,
                decision.PositiveClass,
                decision.Threshold,
                decision.Calibration is { } calibration ? Text(calibration.Method) : null,
                decision.AbstainHigh > decision.AbstainLow ? [decision.AbstainLow, decision.AbstainHigh] : null,
                decision.Refusal),
            HeldOutScores.Of(file.Metadata),
            new ProvenanceSummary(
                file.Metadata.Text(MetadataKey.Source),
                Hash(file, MetadataKey.SourceHash),
                file.Metadata.Text(MetadataKey.SourceProducer),
                file.Metadata.Text(MetadataKey.Producer),
                file.Metadata.Text(MetadataKey.Options),
                Hash(file, MetadataKey.TrainingRows)))
        {
            Signals = SignalSummary.Of(file),
        };
    }

    // Units are given by value, over all inputs one after the other.
    private static string? Unit(ModelFile file, int port)
    {
        int first = file.Inputs.Take(port).Sum(tensor => tensor.Elements);
        string[] units = [.. file.Metadata.TextList(MetadataKey.InputUnits).Skip(first).Take(file.Inputs[port].Elements).Distinct()];
        return units is [{ Length: > 0 } one] ? one : null;
    }

    private static PortSummary Port(string name, TensorInfo tensor, string? role) => new(name, tensor.ShapeText(), Text(tensor.Type), role);

    private static string Hash(ModelFile file, MetadataKey key) => file.Metadata.PayloadOffset(key) < 0
        ? ""
        : Convert.ToHexStringLower(file.Bytes.Memory.Span.Slice(file.Metadata.PayloadOffset(key), file.Metadata.PayloadLength(key)));

    private static string Text<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
