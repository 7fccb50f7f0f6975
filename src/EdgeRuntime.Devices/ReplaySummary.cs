namespace EdgeInference.Devices;

/// <summary>What a loop did with a recording.</summary>
public sealed class ReplaySummary
{
    private readonly long[][] confusion;

    internal ReplaySummary(IReadOnlyList<string> classes)
    {
        Classes = classes;
        confusion = [.. classes.Select(_ => new long[classes.Count + 1])];
    }

    /// <summary>Rows of the recording.</summary>
    public long Rows { get; internal set; }

    /// <summary>Times that the recording says that the sensor was at fault, or that another recording begins.</summary>
    public long Breaks { get; internal set; }

    /// <summary>Times that the loop's label changed at a row.</summary>
    public long Changes { get; internal set; }

    /// <summary>The loop's counters: decisions, abstentions, missed samples. Its changes include the one to the safe state at the end.</summary>
    public LoopStatistics Loop { get; internal set; } = new();

    /// <summary>The text of each class, its number where the model has no texts.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Decisions on rows whose label is a class of the model, abstentions included.</summary>
    public long Labelled => confusion.Sum(row => row.Sum());

    /// <summary>Those that decided for the label, before the filter.</summary>
    public long Agreeing => Enumerable.Range(0, confusion.Length).Sum(i => confusion[i][i]);

    /// <summary>For each class of the labels the decisions by class, and last those without one.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Confusion => confusion;

    /// <summary>What is to be known of the recording, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; internal set; } = [];

    internal void Add(int label, int decided) => confusion[label][decided < 0 ? Classes.Count : decided]++;
}
