using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Features;
using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import;

/// <summary>What encoders of several source formats make of categories.</summary>
internal static class Categories
{
    /// <summary>1 where an element is the category, in a new last axis.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="x">The elements.</param>
    /// <param name="categories">The categories at each place of the last axis, as many at each.</param>
    internal static Value OneHot(GraphBuilder builder, Value x, Func<int, float[]> categories)
    {
        FeatureColumn[] columns = [.. Enumerable.Range(0, x.LastDimension).SelectMany(place => categories(place).Select(category => FeatureColumn.Equal(place, category)))];
        return builder.Reshape(builder.FeatureTransform(x, new FeatureTransformPlan(columns)), [.. x.Shape, columns.Length / x.LastDimension]);
    }

    /// <summary>A number for each integer of a list, and one for all other integers, by steps.</summary>
    /// <param name="place">The feature.</param>
    /// <param name="keys">Integers of at most 2²⁴, of which the first counts where they are equal.</param>
    /// <param name="values">Their numbers.</param>
    /// <param name="otherwise">The number of all others, and of a missing value.</param>
    /// <exception cref="ArgumentException">A key is no such integer.</exception>
    internal static FeatureColumn Map(int place, float[] keys, float[] values, float otherwise)
    {
        var steps = new SortedDictionary<float, float>();
        for (int i = 0; i < keys.Length; i++)
        {
            if (!(Math.Abs(keys[i]) < 1 << 24) || keys[i] != MathF.Floor(keys[i]))
            {
                throw new ArgumentException($"has the category {keys[i]}, expected an integer below 2^24");
            }

            steps.TryAdd(keys[i], values[i]);
        }

        var x = new List<float> { steps.Keys.First() - 1 };
        var heights = new List<float> { otherwise };
        foreach ((float key, float value) in steps)
        {
            x.Add(key);
            heights.Add(value);
            if (!steps.ContainsKey(key + 1))
            {
                x.Add(key + 1);
                heights.Add(otherwise);
            }
        }

        x.Add(x[^1] + 1);
        return FeatureColumn.Of(place, otherwise, [.. x], [.. heights], new float[heights.Count]);
    }

    /// <summary>The same for texts, of which the input holds codes.</summary>
    internal static Value Map(GraphBuilder builder, TextInputs inputs, Value x, IReadOnlyList<string> texts, float[] values, float otherwise)
    {
        if (texts.Count != values.Length || texts.Count == 0)
        {
            throw new ArgumentException($"has {texts.Count} keys but {values.Length} values");
        }

        return builder.FeatureTransform(x, new FeatureTransformPlan(
            [.. Enumerable.Range(0, x.LastDimension).Select(place => Map(place, Array.ConvertAll(inputs.Codes(x, place, texts), code => (float)code), values, otherwise))]));
    }
}
