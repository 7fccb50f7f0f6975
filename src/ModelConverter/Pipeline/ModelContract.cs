using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Puts into a graph what a caller says of it: name, threshold, names and units of its inputs, and the window they come from.</summary>
internal static class ModelContract
{
    /// <summary>Puts all of it into an imported graph.</summary>
    /// <exception cref="InputException">Something of it does not fit the model.</exception>
    internal static void Give(Graph graph, ImportOptions options)
    {
        graph.Metadata = graph.Metadata with
        {
            Name = options.Name ?? graph.Metadata.Name,
            Threshold = options.Threshold is { } threshold ? CheckThreshold(graph, threshold) : graph.Metadata.Threshold,
        };
        ClassTexts.Give(graph, options.ClassTexts);
        NameFeatures(graph, options.FeatureNames);
        GiveInputs(graph, options.Units, options.Window);
    }

    /// <summary>Puts units and window into a graph.</summary>
    /// <exception cref="InputException">The units are not one for each feature.</exception>
    internal static void GiveInputs(Graph graph, IReadOnlyList<string>? units, SampleWindow? window)
    {
        if (units is not null)
        {
            int features = graph.Metadata.InputNames.Count > 0 ? graph.Metadata.InputNames.Count : graph.Inputs.Sum(input => input.Elements);
            graph.Metadata = units.Count == features
                ? graph.Metadata with { InputUnits = units }
                : throw new InputException($"--units names {units.Count} units but the model has {features} features; give one for each, with nothing between two commas for no unit.");
        }

        if (window is not null)
        {
            graph.Metadata = graph.Metadata with { Window = window };
        }
    }

    private static void NameFeatures(Graph graph, IReadOnlyList<string>? given)
    {
        ModelColumns columns = ModelColumns.Of(graph);
        if (given is not null)
        {
            if (given.Count != columns.Length || given.Contains("") || given.Distinct().Count() < given.Count)
            {
                throw new InputException($"--features names {given.Distinct().Count(text => text.Length > 0)} values but the model takes {columns.Length}; give each a unique name.");
            }

            if (columns.FeatureNames.Count > 0 && !columns.FeatureNames.SequenceEqual(given))
            {
                throw new InputException($"The model already names its features, {NameMatch.List(columns.FeatureNames, 3)}; omit --features.");
            }
        }

        if ((given ?? columns.FeatureNames) is { Count: > 0 } names)
        {
            graph.Metadata = graph.Metadata with { InputNames = names };
        }
    }

    private static float CheckThreshold(Graph graph, float threshold)
    {
        int classes = ModelColumns.Of(graph).ClassCount;
        return ModelColumns.KnowsClasses(graph) && classes != 2 ? throw new InputException($"The model has {classes} classes and picks the highest; omit --threshold.") : threshold;
    }
}
