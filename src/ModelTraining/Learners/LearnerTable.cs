namespace EdgeInference.ModelTraining.Learners;

/// <summary>What every learner asks of its rows.</summary>
internal static class LearnerTable
{
    /// <summary>Checks rows and weights.</summary>
    /// <exception cref="InputException">They cannot be learned from.</exception>
    internal static void Check(LabelledTable table, int[] rows, double[]? classWeights)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        Require(table.Names.Count > 0, "The data has only a label column; it needs at least one feature.");
        Require(table.Classes.Count > 1, $"The labels have {table.Classes.Count} class; a classifier needs rows of two classes or more.");
        var seen = new bool[table.Classes.Count];
        foreach (int row in rows)
        {
            seen[table.Labels[row]] = true;
        }

        int absent = Array.IndexOf(seen, false);
        Require(absent < 0, absent < 0 ? "" : $"No row has the label '{table.Classes[absent]}'; a classifier needs rows of every class.");
        Require(
            classWeights is null || (classWeights.Length == seen.Length && Array.TrueForAll(classWeights, weight => weight is > 0 and < double.PositiveInfinity)),
            $"The class weights are {string.Join(", ", classWeights ?? [])}; give a number above 0 for each of the {seen.Length} classes.");
    }

    /// <summary>Refuses a setting.</summary>
    /// <exception cref="InputException">The condition does not hold.</exception>
    internal static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InputException(message);
        }
    }
}
