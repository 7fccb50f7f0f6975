using System.Globalization;

namespace EdgeInference.ModelConverter.Data;

/// <summary>What is wrong with a CSV file, all of it in one report: the first problems with their places, and how many there are.</summary>
/// <param name="path">The file.</param>
internal sealed class CsvProblems(string path)
{
    /// <summary>Problems that are listed.</summary>
    internal const int Listed = 10;

    private const int MostLetters = 60;

    private readonly List<(string Place, string What, string Mend)> first = [];

    /// <summary>What a row is called, which are counted from 1.</summary>
    internal string Row { get; init; } = "line";

    /// <summary>Number of problems.</summary>
    internal long Count { get; private set; }

    /// <summary>Adds a problem of a row.</summary>
    /// <param name="line">Its line.</param>
    /// <param name="column">The header of the column, or null.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="mend">What to do.</param>
    internal void Add(int line, string? column, string what, string mend)
    {
        if (Count++ < Listed)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{Row} {line}");
            first.Add((column is null ? place : $"{place}, column '{column}'", what, mend));
        }
    }

    /// <summary>A cell as it is repeated in a message.</summary>
    internal static string Clip(string text) => text.Length <= MostLetters ? text : text[..MostLetters] + "…";

    /// <summary>Ends reading where there is a problem.</summary>
    /// <exception cref="InputException">There is.</exception>
    internal void Throw()
    {
        if (Count == 0)
        {
            return;
        }

        if (Count == 1)
        {
            throw new InputException($"'{path}', {first[0].Place}: {first[0].What}; {first[0].Mend}.");
        }

        string more = Count > Listed ? string.Create(CultureInfo.InvariantCulture, $"; and {Count - Listed} more") : "";
        string mends = string.Join(" / ", first.Select(problem => problem.Mend).Distinct());

        // A text of its own: what is put into that of an exception is clipped.
        string message = string.Create(CultureInfo.InvariantCulture, $"'{path}' has {Count} problems: {string.Join("; ", first.Select(problem => $"{problem.Place}: {problem.What}"))}{more}. What to do: {mends}.");
        throw new InputException(message);
    }
}
