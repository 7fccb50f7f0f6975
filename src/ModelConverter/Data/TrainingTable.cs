using System.Globalization;

namespace EdgeInference.ModelConverter.Data;

/// <summary>
/// Reads a table to train on as people have it: numbers, categories and missing values are features; identifiers, constants, dates
/// and free texts are left out. What was decided is said.
/// </summary>
internal sealed class TrainingTable
{
    // Different texts that are kept of all columns together, some 60 MB.
    private const int MostTexts = 1_000_000;

    // A label with more different numbers is a quantity: broken numbers seldom name classes, whole ones may.
    private const int MostBroken = 10;
    private const int MostWhole = 50;
    private const int RowsOfClass = 10;

    // Of fewer cells nothing can be said.
    private const int FewNumbers = 20;

    private const int MostSaid = 8;

    private readonly CsvFile file;
    private readonly string label;
    private readonly ColumnChoice choice;
    private readonly int labelColumn;
    private readonly List<(int Column, ColumnKind Kind)> leftOut = [];

    // Columns of numbers and other texts that nobody called categories.
    private readonly Dictionary<int, ColumnProfile> mixed = [];

    private TrainingTable(CsvFile file, string label, ColumnChoice choice)
    {
        this.file = file;
        this.label = label;
        this.choice = choice;
        labelColumn = file.LabelColumn(label);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file; - for standard input.</param>
    /// <param name="label">The label column.</param>
    /// <param name="format">How the file is written, as far as it is known; null to find all of it.</param>
    /// <param name="choice">What is known of its columns; null for nothing.</param>
    /// <exception cref="InputException">The file is missing or damaged, or the label is none.</exception>
    internal static LabelledTable Read(string path, string label, CsvOptions? format = null, ColumnChoice? choice = null)
    {
        choice ??= new ColumnChoice();
        CsvFile file = CsvFile.Open(path, format ?? new CsvOptions { HasHeader = null }, label);
        choice.Check(file, label);
        return new TrainingTable(file, label, choice).Read();
    }

    private LabelledTable Read()
    {
        int[] columns = [.. file.FeatureColumns(labelColumn).Where(column => !choice.Ignored.Contains(file.Header[column]) && file.Header[column] != choice.Time && file.Header[column] != choice.Group)];
        ColumnProfile[] profiles = Profile(columns);
        var kept = new List<(int Column, ColumnKind Kind)>();
        for (int i = 0; i < columns.Length; i++)
        {
            string name = file.Header[columns[i]];
            ColumnKind kind = choice.Numeric.Contains(name) ? ColumnKind.Number : choice.Categorical.Contains(name) ? ColumnKind.Category : profiles[i].Kind;
            if (kind == ColumnKind.Category && profiles[i].Numbers > 0 && !choice.Categorical.Contains(name))
            {
                mixed.Add(columns[i], profiles[i]);
            }

            if (kind is ColumnKind.Number or ColumnKind.Boolean or ColumnKind.Category)
            {
                kept.Add((columns[i], kind));
            }
            else
            {
                leftOut.Add((columns[i], kind));
            }
        }

        CsvFeature[] features = [.. kept.Select(column => column.Kind == ColumnKind.Number
            ? new CsvFeature(column.Column) { TakesDates = choice.Numeric.Contains(file.Header[column.Column]) }
            : new CsvFeature(column.Column) { Categories = new TextIndex(), TakesNew = true })];
        CsvTimes? times = choice.Time is null ? null : new CsvTimes(file, Array.IndexOf(file.Header, choice.Time));
        CsvGroups? groups = choice.Group is null ? null : new CsvGroups(file, Array.IndexOf(file.Header, choice.Group));
        var load = new CsvLoad(file, features, labelColumn) { AcceptsMissing = true, LeavesOutUnlabelled = true, Times = times, Groups = groups };
        CsvData data = load.Read();
        if (load.Unlabelled > 0)
        {
            Notices.Say($"'{file.Path}': {Rows(load.Unlabelled)} without a label {(load.Unlabelled == 1 ? "is" : "are")} left out.");
        }

        CheckQuantity(data.Labels!);
        string[] classes = CsvTable.Classes(data.Labels!, file.Path, label);
        var index = new NameIndex(classes);
        return Finish(kept, features, data, data.Labels!.Rows(Array.ConvertAll(data.Labels.Distinct, index.Exact)), classes) with { Times = times?.Ranks(), Groups = groups?.Codes() };
    }

    private ColumnProfile[] Profile(int[] columns)
    {
        ColumnProfile[] profiles = [.. columns.Select(_ => new ColumnProfile())];
        var numbers = new CsvNumbers(file.Dialect);
        int room = MostTexts;

        // Rows of the wrong length are reported when the table is read.
        file.ForEachRow(new CsvProblems(file.Path), row =>
        {
            for (int i = 0; i < columns.Length; i++)
            {
                profiles[i].Add(row[columns[i]], numbers, ref room);
            }
        }, saysBlank: false);
        return profiles;
    }

    private LabelledTable Finish(List<(int Column, ColumnKind Kind)> kept, CsvFeature[] features, CsvData data, int[] labels, string[] classes)
    {
        var stay = new List<int>();
        var kinds = new ColumnKind[kept.Count];
        for (int i = 0; i < kinds.Length; i++)
        {
            string name = file.Header[kept[i].Column];
            kinds[i] = kept[i].Kind == ColumnKind.Number ? NumberColumn.Kind(data.Rows, i, name) : kept[i].Kind;
            bool isKept = choice.KeepsNumbers || choice.Numeric.Contains(name) || kinds[i] is ColumnKind.Number or ColumnKind.Boolean or ColumnKind.Category;
            if (isKept)
            {
                stay.Add(i);
            }
            else
            {
                leftOut.Add((kept[i].Column, kinds[i]));
            }
        }

        List<IReadOnlyList<string>> categories = [.. stay.Select(i => Sort(features[i], data.Rows, i))];
        IReadOnlyList<float[]> rows = stay.Count == kinds.Length ? data.Rows : [.. data.Rows.Select(row => stay.Select(i => row[i]).ToArray())];
        var table = new LabelledTable([.. stay.Select(i => file.Header[kept[i].Column])], rows, labels, classes)
        {
            Categories = categories.TrueForAll(texts => texts.Count == 0) ? [] : categories,
        };
        SayColumns(table, [.. stay.Select(i => kinds[i])]);
        SayMissing(table);
        return table;
    }

    // Codes in the order of the texts, not in that of the rows.
    private string[] Sort(CsvFeature feature, IReadOnlyList<float[]> rows, int position)
    {
        if (feature.Categories is not { } index)
        {
            return [];
        }

        if (index.Count > ColumnProfile.MostCategories)
        {
            throw new InputException($"'{file.Path}': the column '{file.Header[feature.Column]}' has {index.Count} categories; at most {ColumnProfile.MostCategories} are supported; leave it out with --ignore.");
        }

        string[] texts = [.. Enumerable.Range(0, index.Count).Select(i => index[i])];
        if (mixed.TryGetValue(feature.Column, out ColumnProfile? profile))
        {
            CheckMixed(file.Header[feature.Column], texts, profile);
        }

        string[] ordered = ColumnProfile.Order(texts);
        var places = new NameIndex(ordered);
        float[] codes = Array.ConvertAll(texts, text => (float)places.Exact(text));
        foreach (float[] row in rows)
        {
            row[position] = float.IsNaN(row[position]) ? float.NaN : codes[(int)row[position]];
        }

        return ordered;
    }

    // Categories that are numbers come again; where they do not, numbers are written in a way that is not known.
    private void CheckMixed(string name, string[] texts, ColumnProfile profile)
    {
        string[] numbers = Array.FindAll(texts, IsNumber);
        if (profile.Numbers >= FewNumbers && numbers.Length * RowsOfClass > profile.Numbers)
        {
            string other = Array.Find(texts, text => !IsNumber(text)) ?? "";
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': the column '{name}' has {profile.Numbers} numbers, such as '{numbers[0]}', and {profile.Others + profile.Dates} other texts, such as '{CsvProblems.Clip(other)}'; correct the texts, or name the column with --ignore or --categorical."));
        }
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private void CheckQuantity(CsvLabels labels)
    {
        if (labels.Count >= FewNumbers && labels.Distinct.Length * 2 > labels.Count && !Array.TrueForAll(labels.Distinct, IsNumber))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': the label '{label}' has {labels.Distinct.Length} different texts in {labels.Count} rows, such as '{CsvProblems.Clip(labels.Distinct[0])}', so it names rows and not classes; name the column of classes with --label."));
        }

        double[] values = [.. labels.Distinct.Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        if (values.Any(double.IsNaN))
        {
            return;
        }

        bool isBroken = values.Any(value => value != Math.Floor(value));
        if (isBroken ? values.Length > MostBroken : values.Length > MostWhole && values.Length * RowsOfClass > labels.Count)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': the label '{label}' has {values.Length} different numbers from {values.Min()} to {values.Max()}, so it is a quantity and not a class, and edge trains classifiers; make classes of it, such as a column that says whether it is above a limit, and name that with --label."));
        }
    }

    // Nothing is said of a table of numbers alone: that is what everyone expects.
    private void SayColumns(LabelledTable table, ColumnKind[] kinds)
    {
        if (table.Categories.Count == 0 && leftOut.Count == 0 && choice.Ignored.Count == 0)
        {
            return;
        }

        var parts = new List<string>();
        int booleans = kinds.Where((kind, i) => kind == ColumnKind.Boolean && !IsText(i)).Count();
        int numbers = kinds.Where((_, i) => !IsText(i)).Count() - booleans;
        if (numbers > 0)
        {
            parts.Add(numbers == 1 ? "1 number" : $"{numbers} numbers");
        }

        if (booleans > 0)
        {
            parts.Add($"{booleans} of 0 and 1");
        }

        foreach (int i in Enumerable.Range(0, kinds.Length).Where(IsText))
        {
            parts.Add($"'{table.Names[i]}' ({(kinds[i] == ColumnKind.Boolean ? "boolean" : "categories")}: {NameMatch.List(table.Categories[i], 4)})");
        }

        string kept = parts.Count == 0 ? "no features" : $"{string.Join(", ", parts.Take(MostSaid))}{(parts.Count > MostSaid ? $" and {parts.Count - MostSaid} more" : "")}";
        string[] without = [.. leftOut.OrderBy(column => column.Column).Select(column => $"'{file.Header[column.Column]}' ({Name(column.Kind)})"), .. choice.Ignored.Select(name => $"'{name}' (--ignore)")];
        string rest = without.Length > 0 ? $"; left out: {string.Join(", ", without.Take(MostSaid))}{(without.Length > MostSaid ? $" and {without.Length - MostSaid} more" : "")}" : "";
        Notices.Say($"'{file.Path}': {kept}{rest}. --ignore, --categorical and --numeric say otherwise.");

        bool IsText(int i) => i < table.Categories.Count && table.Categories[i].Count > 0;
    }

    private void SayMissing(LabelledTable table)
    {
        string[] counts = [.. table.Names
            .Select((name, i) => (Name: name, Count: table.Rows.Count(row => float.IsNaN(row[i]))))
            .Where(column => column.Count > 0)
            .Select(column => $"{column.Count.ToString(CultureInfo.InvariantCulture)} in '{column.Name}'")];
        if (counts.Length > 0)
        {
            Notices.Say($"'{file.Path}': missing values: {string.Join(", ", counts.Take(MostSaid))}{(counts.Length > MostSaid ? $" and in {counts.Length - MostSaid} more columns" : "")}, of {Rows(table.Rows.Count)}.");
        }
    }

    private static string Name(ColumnKind kind) => kind switch
    {
        ColumnKind.DateTime => "dates",
        ColumnKind.Identifier => "identifier",
        ColumnKind.Constant => "constant",
        ColumnKind.FreeText => "free text",
        ColumnKind.OutOfScale => "varies by less than 1e-35 or more than 1e35: scale it",
        _ => "no values",
    };

    private static string Rows(long count) => count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count} rows");
}
