using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Signals;

namespace EdgeInference.ModelConverter.Data;

/// <summary>What a model says of the rows that it takes and of the classes that it decides between: all that reading a table needs to know of it.</summary>
/// <param name="Length">Values in a row.</param>
/// <param name="FeatureNames">A name for each value, or none if the model has no names.</param>
/// <param name="ClassTexts">The text of each class in the model's order, or none.</param>
/// <param name="ClassCount">Number of classes, 2 where one probability decides.</param>
/// <param name="AcceptsMissing">Whether the model defines what a missing value, NaN, means.</param>
internal sealed record ModelColumns(int Length, IReadOnlyList<string> FeatureNames, IReadOnlyList<string> ClassTexts, int ClassCount, bool AcceptsMissing)
{
    /// <summary>For each value the texts of its categories, whose positions are its values, or none; no list at all where no value has categories.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories { get; init; } = [];

    /// <summary>The pipeline that makes the features of samples; null where the model has none. It serves one reader at a time.</summary>
    public SignalPipeline? Signals { get; init; }

    /// <summary>What <see cref="Signals"/> does, so that two can be compared; empty where there is none.</summary>
    public string SignalsHash { get; init; } = "";

    /// <summary>What a loaded model says.</summary>
    internal static ModelColumns Of(EdgeModel model) => new(
        model.InputLength,
        Fitting(model.File.Metadata.TextList(MetadataKey.InputNames), model.InputLength),
        model.File.Metadata.TextList(MetadataKey.Labels),
        Math.Max(2, model.OutputLength),
        model.File.Decision.AcceptsMissing) 
    {
        Categories = InputCategories.Read(model.File),
        Signals = SignalPipeline.Of(model.File),
        SignalsHash = Hash(model.File),
    };

    /// <summary>What a graph says that is about to be written.</summary>
    internal static ModelColumns Of(Graph graph)
    {
        int length = graph.Inputs.Sum(input => input.Elements);
        IReadOnlyList<string> names = Fitting(graph.Metadata.InputNames, length);

        // Inputs of one value each are the features, and their names the features' names.
        if (names.Count == 0 && length > 1 && graph.Inputs.Count == length)
        {
            names = Fitting([.. graph.Inputs.Select(input => input.Name)], length);
        }

        return new(length, names, graph.Metadata.Labels, Math.Max(2, graph.Outputs.Sum(output => output.Elements)), graph.Metadata.AcceptsMissing)
        {
            Categories = graph.Metadata.InputCategories.Count == length ? graph.Metadata.InputCategories : [],
            Signals = graph.Metadata.Signals is { } settings ? new SignalPipeline(settings) : null,
        };
    }

    /// <summary>Whether it is known how many classes a graph has.</summary>
    internal static bool KnowsClasses(Graph graph) => graph.Outputs.Count == 1;

    private static string Hash(ModelFile file) => string.Join('/', new[] { MetadataKey.Signals, MetadataKey.Window }
        .Where(_ => file.Metadata.PayloadOffset(MetadataKey.Signals) >= 0)
        .Select(key => Convert.ToHexStringLower(file.Bytes.Memory.Span.Slice(file.Metadata.PayloadOffset(key), file.Metadata.PayloadLength(key)))));

    private static IReadOnlyList<string> Fitting(IReadOnlyList<string> names, int length) => names.Count == length && names.Distinct().Count() == length ? names : [];
}
