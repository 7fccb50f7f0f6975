namespace EdgeInference.ModelConverter.Data;

/// <summary>A model that another one is compared with: its features may stand in another order, its classes may not.</summary>
internal static class ComparedModel
{
    /// <summary>Rows of one model in the order of another's features; the rows themselves where either has no names.</summary>
    /// <param name="path">The other model's file, for messages.</param>
    /// <param name="columns">What the rows were read for.</param>
    /// <param name="other">What the other model takes.</param>
    /// <param name="rows">The rows, in the order of <paramref name="columns"/>.</param>
    /// <param name="again">Reads the same rows for another model; where categories differ, their codes do.</param>
    /// <exception cref="InputException">The other model takes another feature, has the classes in another order, or defines no missing value and a row has one.</exception>
    internal static IReadOnlyList<float[]> Rows(string path, ModelColumns columns, ModelColumns other, IReadOnlyList<float[]> rows, Func<ModelColumns, IReadOnlyList<float[]>> again)
    {
        CheckClasses(path, columns, other);
        if (columns.SignalsHash != other.SignalsHash && columns.Signals is not null && other.Signals is not null)
        {
            // Rows of features by name are the same for both; windows of samples are each model's own.
            IReadOnlyList<float[]> own = again(other);
            bool sameWindows = (columns.Signals.Length, columns.Signals.Hop) == (other.Signals.Length, other.Signals.Hop);
            return own.Count == rows.Count && (sameWindows || own.Zip(rows).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                ? own
                : throw new InputException($"'{path}' makes other windows of samples than this model, {other.Signals.Length} samples every {other.Signals.Hop} instead of {columns.Signals.Length} every {columns.Signals.Hop}, so that their rows are not the same; evaluate each by itself.");
        }

        if (!HaveSameCategories(columns, other))
        {
            IReadOnlyList<float[]> read = again(other);
            return read.Count == rows.Count
                ? read
                : throw new InputException($"'{path}' has other categories than this model, and the rows cannot be read for both; compare on a .csv file.");
        }

        int gap = other.AcceptsMissing ? -1 : rows.ToList().FindIndex(row => row.Any(float.IsNaN));
        if (gap >= 0)
        {
            throw new InputException($"Row {gap + 1} has a missing value, and '{path}' does not define what that means; compare on rows without missing values.");
        }

        if (columns.FeatureNames.Count == 0 || other.FeatureNames.Count == 0 || columns.FeatureNames.SequenceEqual(other.FeatureNames))
        {
            return rows;
        }

        List<string> names = [.. columns.FeatureNames];
        int[] from = [.. other.FeatureNames.Select(name => names.IndexOf(name))];
        int missing = Array.IndexOf(from, -1);
        return missing < 0
            ? [.. rows.Select(row => Array.ConvertAll(from, index => row[index]))]
            : throw new InputException($"'{path}' takes the feature '{other.FeatureNames[missing]}', which this model does not have; compare with a model that has the same features.");
    }

    private static bool HaveSameCategories(ModelColumns columns, ModelColumns other)
    {
        IReadOnlyList<string> Of(ModelColumns model, int feature) => feature < model.Categories.Count ? model.Categories[feature] : [];
        if (columns.Categories.Count == 0 && other.Categories.Count == 0)
        {
            return true;
        }

        List<string> names = [.. columns.FeatureNames];
        bool isNamed = columns.FeatureNames.Count > 0 && other.FeatureNames.Count > 0;
        return Enumerable.Range(0, other.Length).All(feature =>
        {
            int from = isNamed ? names.IndexOf(other.FeatureNames[feature]) : feature;
            return from < 0 || Of(columns, from).SequenceEqual(Of(other, feature));
        });
    }

    /// <summary>Refuses a model that has a class of this one in another place.</summary>
    /// <exception cref="InputException">It has.</exception>
    internal static void CheckClasses(string path, ModelColumns columns, ModelColumns other)
    {
        List<string> texts = [.. other.ClassTexts];
        for (int i = 0; i < columns.ClassTexts.Count; i++)
        {
            int place = texts.IndexOf(columns.ClassTexts[i]);
            if (place >= 0 && place != i)
            {
                throw new InputException($"'{path}' has '{columns.ClassTexts[i]}' as class {place} but this model has it as class {i}; compare with a model that has the same class order.");
            }
        }
    }

    /// <summary>Refuses a model that this one cannot have been exported from, since its features or classes stand in another order.</summary>
    /// <exception cref="InputException">They do.</exception>
    internal static void CheckSource(string path, ModelColumns columns, ModelColumns other)
    {
        CheckClasses(path, columns, other);
        if (columns.FeatureNames.Count == other.FeatureNames.Count && !columns.FeatureNames.SequenceEqual(other.FeatureNames))
        {
            throw new InputException($"'{path}' takes the features {NameMatch.List(other.FeatureNames, 4)} but this model takes {NameMatch.List(columns.FeatureNames, 4)}; give the model that it was exported from.");
        }
    }
}
