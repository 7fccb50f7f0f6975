using System.Globalization;
using EdgeInference.ModelConverter.Data.Recordings;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Which class of a model each label of a table is: by text, by value for numbers, or by index where that is the only meaning. Nothing else is guessed.</summary>
internal static class ClassMatch
{
    /// <summary>Labelled rows in the order of a model's features and classes.</summary>
    /// <param name="file">The table.</param>
    /// <param name="label">The label column.</param>
    /// <param name="model">What the model says.</param>
    /// <param name="classes">The labels of class 0, 1, … as the table writes them, or null.</param>
    /// <exception cref="InputException">A feature has no column, a cell no number, or a label no class.</exception>
    internal static LabelledTable Read(CsvFile file, string label, ModelColumns model, IReadOnlyList<string>? classes = null)
    {
        int column = file.LabelColumn(label);
        if (RecordedRows.Of(file, column, model) is { } recorded)
        {
            (int[] known, IReadOnlyList<string> own) = Labels(file.Path, recorded.Labels!, model, classes);
            return new LabelledTable(model.FeatureNames, recorded.Windows.Rows, known, own);
        }

        int[] columns = ColumnMatch.Of(file, column, model.FeatureNames, model.Length);
        CsvData data = new CsvLoad(file, SampleReader.Features(columns, model), column) { AcceptsMissing = model.AcceptsMissing }.Read();
        (int[] labels, IReadOnlyList<string> texts) = Labels(file.Path, data.Labels!, model, classes);
        IReadOnlyList<string> names = model.FeatureNames.Count > 0 ? model.FeatureNames : [.. columns.Select(feature => file.Header[feature])];
        return new LabelledTable(names, data.Rows, labels, texts) { Categories = model.Categories };
    }

    /// <summary>The class of each row, and the text of each class.</summary>
    internal static (int[] Labels, IReadOnlyList<string> Classes) Labels(CsvFile file, int column, ModelColumns model, IReadOnlyList<string>? given = null) =>
        Labels(file.Path, new CsvLoad(file, [], column).Read().Labels!, model, given);

    /// <summary>The same of labels that were read.</summary>
    internal static (int[] Labels, IReadOnlyList<string> Classes) Labels(string path, CsvLabels labels, ModelColumns model, IReadOnlyList<string>? given)
    {
        int count = model.ClassTexts.Count > 0 ? model.ClassTexts.Count : model.ClassCount;
        string[] indices = [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        IReadOnlyList<string> classes = given ?? (model.ClassTexts.Count > 0 ? model.ClassTexts : indices);
        if (given is not null)
        {
            CheckGiven(given, count, model.ClassTexts);
        }

        string[] distinct = labels.Distinct;
        if (given is null && model.ClassTexts.Count > 0 && !model.ClassTexts.Any(IsNumber) && distinct.All(indices.Contains))
        {
            IEnumerable<string> pairs = indices.Select((index, i) => i == 0 ? $"label {index} is taken as {classes[i]}" : $"{index} as {classes[i]}");
            Notices.Say($"'{path}': {string.Join(", ", pairs)}.");
            return (labels.Rows(Array.ConvertAll(distinct, text => Array.IndexOf(indices, text))), classes);
        }

        int[] numbers = Array.ConvertAll(distinct, text => Find(text, classes));
        int wrong = Array.FindIndex(numbers, number => number < 0);
        if (wrong >= 0)
        {
            throw new InputException(Unknown(labels.Place(wrong), distinct[wrong], classes, distinct, knowsTexts: given is not null || model.ClassTexts.Count > 0));
        }

        SayLoose($"'{path}': ", distinct, [.. numbers.Select(number => classes[number])]);
        IGrouping<int, int>? twice = Enumerable.Range(0, distinct.Length).GroupBy(i => numbers[i]).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            Notices.Say($"'{path}': the labels {NameMatch.List([.. twice.Select(i => distinct[i])])} are taken as one class, '{classes[twice.Key]}'.");
        }

        return (labels.Rows(numbers), classes);
    }

    /// <summary>Position of the class that a text means: exactly, by value, or by letters alone where that is one class; else −1.</summary>
    internal static int Find(string text, IReadOnlyList<string> classes)
    {
        int exact = NameMatch.Exact(text, classes);
        if (exact >= 0)
        {
            return exact;
        }

        if (IsNumber(text))
        {
            int[] equal = [.. Enumerable.Range(0, classes.Count).Where(i => IsNumber(classes[i]) && CsvTable.ClassText(classes[i]) == CsvTable.ClassText(text))];
            return equal.Length == 1 ? equal[0] : -1;
        }

        int[] loose = NameMatch.Loose(text, classes);
        return loose.Length == 1 ? loose[0] : -1;
    }

    /// <summary>The classes of a table in an order that its own texts are given in.</summary>
    /// <param name="table">The table.</param>
    /// <param name="order">Its class texts, that of class 0 first.</param>
    /// <exception cref="InputException">The texts are not those of the table.</exception>
    internal static LabelledTable InOrder(LabelledTable table, IReadOnlyList<string> order)
    {
        if (order.Count != table.Classes.Count)
        {
            throw new InputException($"--labels has {order.Count} names but the label column has {table.Classes.Count} classes ({string.Join(", ", table.Classes)}); give each once, class 0 first.");
        }

        int[] old = [.. order.Select(text => Find(text, table.Classes))];
        int wrong = Array.IndexOf(old, -1);
        if (wrong >= 0)
        {
            throw new InputException($"--labels gives the order of the label column's own classes, {NameMatch.List([.. table.Classes])}; '{order[wrong]}' is not one of them.");
        }

        if (old.Distinct().Count() != old.Length)
        {
            throw new InputException($"--labels, {NameMatch.List([.. order])}, names a class twice; give each of {NameMatch.List([.. table.Classes])} once, class 0 first.");
        }

        SayLoose("--labels: ", order, [.. old.Select(i => table.Classes[i])]);
        return table with { Labels = Array.ConvertAll(table.Labels, label => Array.IndexOf(old, label)), Classes = [.. old.Select(i => table.Classes[i])] };
    }

    /// <summary>Says which classes of a table differ only by case or spaces, and so may be one.</summary>
    internal static void SayAlike(LabelledTable table)
    {
        foreach (IGrouping<string, string> alike in table.Classes.GroupBy(text => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant()).Where(group => group.Count() > 1))
        {
            Notices.Say($"The label column has {NameMatch.List([.. alike])} as separate classes, which differ only in case or spaces; write them the same way if they are one class.");
        }
    }

    private static void SayLoose(string place, IReadOnlyList<string> texts, IReadOnlyList<string> classes)
    {
        int[] loose = [.. Enumerable.Range(0, texts.Count).Where(i => texts[i] != classes[i] && !IsNumber(texts[i]))];
        if (loose.Length > 0)
        {
            Notices.Say($"{place}{string.Join(", ", loose.Select(i => $"'{texts[i]}' is taken as the class '{classes[i]}'"))}.");
        }
    }

    private static void CheckGiven(IReadOnlyList<string> given, int count, IReadOnlyList<string> own)
    {
        if (given.Count != count)
        {
            throw new InputException($"--classes has {given.Count} texts but the model has {count} classes; give one for each, class 0 first.");
        }

        int moved = own.Count > 0 ? Enumerable.Range(0, count).FirstOrDefault(i => Find(given[i], own) is int at && at >= 0 && at != i, -1) : -1;
        if (moved >= 0)
        {
            throw new InputException($"--classes has '{given[moved]}' in a different position than the model, whose classes are {NameMatch.List([.. own])} in this order; omit the option.");
        }
    }

    private static string Unknown(string place, string text, IReadOnlyList<string> classes, string[] distinct, bool knowsTexts)
    {
        if (knowsTexts)
        {
            string nearest = Suggestion.Nearest(text, classes);
            return $"{place} is not one of the model's classes, {NameMatch.List([.. classes])}{(nearest.Length > 0 ? $"; the nearest is '{nearest}'" : "")}; correct it, or use --classes to name the data's label for each class.";
        }

        string quantity = distinct.Length > classes.Count ? $"; {distinct.Length} different labels look like a regression or the data of another model" : "";
        return $"{place} is not a class: the model has no texts for its {classes.Count} classes, so labels must be 0 to {classes.Count - 1}{quantity}; if they are class texts, give them in the model's order with --classes.";
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);
}
