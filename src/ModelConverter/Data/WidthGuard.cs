namespace EdgeInference.ModelConverter.Data;

/// <summary>Text of a table on its way to the parser, which keeps a whole row: a row of more separators than any table has is refused before it fills the memory.</summary>
internal sealed class WidthGuard(TextReader reader, string path) : TextReader
{
    /// <summary>Separators that a line may hold.</summary>
    internal const int MostSeparators = 1 << 20;

    private int separators;

    /// <inheritdoc/>
    public override int Peek() => reader.Peek();

    /// <inheritdoc/>
    public override int Read()
    {
        int character = reader.Read();
        if (character >= 0)
        {
            Look([(char)character]);
        }

        return character;
    }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count)
    {
        int read = reader.Read(buffer, index, count);
        Look(buffer.AsSpan(index, read));
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<char> text)
    {
        foreach (char character in text)
        {
            separators = character == '\n' ? 0 : separators + (character is ',' or ';' or '\t' ? 1 : 0);
            if (separators > MostSeparators)
            {
                throw new InputException($"'{path}' has a line of more than {MostSeparators} values; a table has fewer columns, so check the file.");
            }
        }
    }
}
