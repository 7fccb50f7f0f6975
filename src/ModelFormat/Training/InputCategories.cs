#nullable enable

namespace EdgeInference.ModelFormat.Training;

/// <summary>
/// The record of a model file that says which texts the values of an input stand for: for each input value that has categories its
/// index u16, their number u16 and their texts, as in other lists. Engines skip it: on a device a category is a small number.
/// </summary>
internal static class InputCategories
{
    /// <summary>The record's key, InputCategories in docs/model-format.md.</summary>
    internal const MetadataKey Key = (MetadataKey)136;

    /// <summary>The texts of each input value of a file, none for a value without categories; no list at all where no value has any.</summary>
    /// <exception cref="ModelFormatException">The record is damaged.</exception>
    internal static IReadOnlyList<IReadOnlyList<string>> Read(ModelFile file)
    {
        int position = file.Metadata.PayloadOffset(Key);
        if (position < 0)
        {
            return [];
        }

        int end = position + file.Metadata.PayloadLength(Key);
        var categories = new IReadOnlyList<string>[file.Inputs.Sum(tensor => tensor.Elements)];
        Array.Fill(categories, []);
        int last = -1;
        while (position < end)
        {
            Require(end - position >= 4, position);
            int value = file.Bytes.U16(position);
            int count = file.Bytes.U16(position + 2);
            Require(value > last && value < categories.Length && count > 0, position);
            position += 4;
            var texts = new List<string>();
            for (; count > 0; count--)
            {
                int next = TextList.Next(file.Bytes, position, end);
                Require(next <= end, position);
                texts.Add(TextList.At(file.Bytes, position));
                position = next;
            }

            Require(texts.Distinct(StringComparer.Ordinal).Count() == texts.Count, position);
            categories[value] = texts;
            last = value;
        }

        return categories;
    }

    private static void Require(bool condition, int offset)
    {
        if (!condition)
        {
            throw new ModelFormatException("contract", offset, "the categories of the inputs do not fit their record or the model");
        }
    }
}
