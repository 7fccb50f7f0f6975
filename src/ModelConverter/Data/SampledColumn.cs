using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>A cell of a sample.</summary>
/// <param name="Text">What it holds.</param>
/// <param name="Line">Its line.</param>
internal sealed record SampledCell(string Text, int Line);

/// <summary>What the first rows of a CSV file show of one column's way of writing numbers.</summary>
internal sealed class SampledColumn
{
    private readonly byte[] first;
    private readonly int firstLine;
    private int numbers;
    private int others;

    internal SampledColumn(ReadOnlySpan<byte> first, int index, int line)
    {
        this.first = first.IsEmpty ? [] : first.ToArray();
        firstLine = line;
        Index = index;
        IsFirstNumber = NumberShape.Of(first).IsNumber || IsInfinite(first);
    }

    /// <summary>The column's position.</summary>
    internal int Index { get; }

    /// <summary>Whether the first row has a number here.</summary>
    internal bool IsFirstNumber { get; }

    /// <summary>Whether the first row has this whole number here.</summary>
    internal bool IsFirst(int number) => Encoding.UTF8.GetString(first) == number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a further row has the same text as the first.</summary>
    internal bool IsFirstRepeated { get; private set; }

    /// <summary>Whether all further rows have numbers, in one way of writing or another, and one has.</summary>
    internal bool IsNumbers => numbers > 0 && others == 0;

    /// <summary>A number with a decimal point for certain, or null.</summary>
    internal SampledCell? Point { get; private set; }

    /// <summary>A number with a decimal comma for certain, or null.</summary>
    internal SampledCell? Comma { get; private set; }

    /// <summary>A number whose point is a decimal point or groups thousands, or null.</summary>
    internal SampledCell? EitherPoint { get; private set; }

    /// <summary>A number whose comma is a decimal comma or groups thousands, or null.</summary>
    internal SampledCell? EitherComma { get; private set; }

    /// <summary>Whether points group thousands for certain.</summary>
    internal bool HasPointGroups { get; private set; }

    /// <summary>Whether commas group thousands for certain.</summary>
    internal bool HasCommaGroups { get; private set; }

    /// <summary>A space or an apostrophe that groups thousands, or null.</summary>
    internal char? SpaceGroup { get; private set; }

    /// <summary>Takes the cell of a further row.</summary>
    internal void Add(ReadOnlySpan<byte> cell, int line)
    {
        IsFirstRepeated |= cell.SequenceEqual(first);
        Look(cell, line);
    }

    /// <summary>Takes the cell of the first row too, which is no header.</summary>
    internal void AddFirst() => Look(first, firstLine);

    private static bool IsInfinite(ReadOnlySpan<byte> cell) =>
        float.TryParse(cell, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out float value) && !float.IsNaN(value);

    private void Look(ReadOnlySpan<byte> cell, int line)
    {
        if (MissingCell.Is(cell))
        {
            return;
        }

        NumberShape shape = NumberShape.Of(cell);
        numbers += shape.IsNumber ? 1 : 0;
        others += shape.IsNumber ? 0 : 1;
        HasPointGroups |= shape.Group == '.';
        HasCommaGroups |= shape.Group == ',';
        SpaceGroup ??= shape.Group is ' ' or '\'' ? shape.Group : null;
        SampledCell? At(bool isThat, ReadOnlySpan<byte> text) => isThat ? new SampledCell(Encoding.UTF8.GetString(text), line) : null;
        Point ??= At((shape.DecimalSign == '.' && !shape.IsAmbiguous) || shape.Group == ',', cell);
        Comma ??= At((shape.DecimalSign == ',' && !shape.IsAmbiguous) || shape.Group == '.', cell);
        EitherPoint ??= At(shape.DecimalSign == '.' && shape.IsAmbiguous, cell);
        EitherComma ??= At(shape.DecimalSign == ',' && shape.IsAmbiguous, cell);
    }
}
