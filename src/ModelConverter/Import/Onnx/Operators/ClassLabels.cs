namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>The classes that a node of ai.onnx.ml names.</summary>
/// <param name="Texts">A text for each class.</param>
/// <param name="Numbers">The classes as numbers, or null if they are texts.</param>
internal sealed record ClassLabels(IReadOnlyList<string> Texts, float[]? Numbers)
{
    /// <summary>The classes of a node, which become the model's labels.</summary>
    internal static ClassLabels Read(OnnxNodeContext call)
    {
        IReadOnlyList<string> texts = call.Texts("classlabels_strings") ?? [];
        long[] numbers = call.Ints("classlabels_int64s") ?? call.Ints("classlabels_ints") ?? [];
        ClassLabels labels = texts.Count > 0
            ? new ClassLabels(texts, null)
            : new ClassLabels([.. numbers.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))], Array.ConvertAll(numbers, number => (float)number));
        if (labels.Texts.Count > 0)
        {
            call.Scope.Labels = labels.Texts;
        }

        return labels;
    }
}
