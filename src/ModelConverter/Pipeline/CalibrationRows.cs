using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Data.Recordings;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Reads typical inputs for a draft.</summary>
internal static class CalibrationRows
{
    /// <summary>A draft with the rows of a file. A model without names for its inputs takes those of the file's columns, and says so.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="file">The file.</param>
    /// <param name="needsClasses">Whether the class of each row is read too, where the file has a label column.</param>
    /// <exception cref="InputException">The file is missing or does not fit the model.</exception>
    internal static ModelDraft Read(ModelDraft draft, RowFile file, bool needsClasses)
    {
        var model = ModelColumns.Of(draft.Graph);
        if (SampleReader.IsArray(file.Path))
        {
            return draft with { Rows = SampleReader.Read(file.Path, model), Labels = null };
        }

        CsvFile cells = CsvFile.Open(file.Path, file.Format, file.Label);
        int column = file.Label is null ? -1 : cells.LabelColumn(file.Label);
        int[] features = cells.FeatureColumns(column);
        if (cells.HasHeader && model.FeatureNames.Count == 0 && features.Length == model.Length)
        {
            string[] names = [.. features.Select(feature => cells.Header[feature])];
            model = model with { FeatureNames = names };
            draft = draft.With(draft.Graph.Metadata with { InputNames = names });
            Notices.Say($"The model has no names for its inputs and takes those of '{file.Path}': {NameMatch.List(names, 3)}.");
        }

        if (RecordedRows.Of(cells, column, model) is { } recorded)
        {
            return draft with { Rows = recorded.Windows.Rows, Labels = needsClasses && recorded.Labels is { } own ? ClassMatch.Labels(cells.Path, own, model, null).Labels : null };
        }

        int label = needsClasses ? column : -1;
        CsvFeature[] values = SampleReader.Features(ColumnMatch.Of(cells, column, model.FeatureNames, model.Length), model);
        CsvData data = new CsvLoad(cells, values, label) { AcceptsMissing = model.AcceptsMissing }.Read();
        return draft with { Rows = data.Rows, Labels = data.Labels is { } labels ? ClassMatch.Labels(cells.Path, labels, model, null).Labels : null };
    }
}
