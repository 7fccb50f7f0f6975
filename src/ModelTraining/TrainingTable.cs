using EdgeInference.ModelConverter.Data;

namespace EdgeInference.ModelTraining;

/// <summary>What a table must be to be learned from.</summary>
internal static class TrainingTable
{
    /// <summary>Checks it.</summary>
    /// <exception cref="InputException">It has no feature, fewer than two classes, a class without rows, or a label that is no class.</exception>
    internal static void Check(LabelledTable table)
    {
        if (table.Classes.Count < 2)
        {
            throw new InputException($"The labels have {table.Classes.Count} class; a classifier needs rows of two classes or more.");
        }

        if (table.Classes.Count > CsvTable.MostClasses)
        {
            throw new InputException($"The labels have {table.Classes.Count} classes; at most {CsvTable.MostClasses} are supported; take a column of classes as the label.");
        }

        if (table.Names.Count == 0)
        {
            throw new InputException("The data has only a label column; it needs at least one feature.");
        }

        int outside = Array.FindIndex(table.Labels, label => label < 0 || label >= table.Classes.Count);
        if (outside >= 0)
        {
            throw new InputException($"Row {outside} has the label {table.Labels[outside]}; expected an index of a class, 0 to {table.Classes.Count - 1}.");
        }

        for (int c = 0; c < table.Classes.Count; c++)
        {
            if (!table.Labels.Contains(c))
            {
                throw new InputException($"No row has the label '{table.Classes[c]}'; a classifier needs rows of every class.");
            }
        }
    }
}
