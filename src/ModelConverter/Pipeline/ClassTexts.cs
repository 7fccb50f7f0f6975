using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>The texts of a model's classes, from its file or from <c>--classes</c>.</summary>
internal static class ClassTexts
{
    /// <summary>Takes over the texts of <c>--classes</c>, and says where they replace the model's own.</summary>
    /// <param name="graph">The graph; its labels change.</param>
    /// <param name="given">The texts, that of class 0 first; null for the model's own.</param>
    /// <exception cref="InputException">They are not one text of its own for each class, or the model has one of them for another class.</exception>
    internal static void Give(Graph graph, IReadOnlyList<string>? given)
    {
        IReadOnlyList<string> own = graph.Metadata.Labels;
        IReadOnlyList<string> texts = given ?? own;
        int classes = ModelColumns.Of(graph).ClassCount;
        if (given is not null && ModelColumns.KnowsClasses(graph) && given.Count != classes)
        {
            throw new InputException($"--labels has {given.Count} texts but the model has {classes} classes; give one for each, class 0 first.");
        }

        if (texts.Any(string.IsNullOrWhiteSpace))
        {
            throw new InputException($"The text of class {texts.ToList().FindIndex(string.IsNullOrWhiteSpace)} is empty; give each class a text with --classes.");
        }

        if (texts.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"Two classes have the text '{twice.Key}'; give each class a unique text with --classes.");
        }

        if (given is null || own.Count != given.Count || own.SequenceEqual(given))
        {
            graph.Metadata = graph.Metadata with { Labels = texts };
            return;
        }

        for (int i = 0; i < given.Count; i++)
        {
            int place = own.ToList().FindIndex(text => text.Equals(given[i], StringComparison.OrdinalIgnoreCase));
            if (place >= 0 && place != i)
            {
                throw new InputException($"--classes has '{given[i]}' as class {i} but in the model it is class {place} of {NameMatch.List(own, 8)}; omit --classes, or keep that order.");
            }
        }

        Notices.Say($"--classes replaces the model's own class texts: {string.Join(", ", own.Zip(given, (old, text) => (old, text)).Where(pair => pair.old != pair.text).Take(8).Select(pair => $"'{pair.old}' is now '{pair.text}'"))}.");
        graph.Metadata = graph.Metadata with { Labels = given };
    }
}
