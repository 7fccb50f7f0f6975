using System.Buffers.Binary;
using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>
/// The record of a model file that says which texts the values of an input stand for: for each input value that has categories its
/// index u16, their number u16 and their texts, as in other lists. Engines skip it: on a device a category is a small number.
/// </summary>
internal static class CategoryRecord
{
    /// <summary>The record's key, InputCategories in docs/model-format.md.</summary>
    internal const MetadataKey Key = (MetadataKey)136;

    /// <summary>Adds the record where an input has categories.</summary>
    /// <exception cref="InputException">A text is longer than a file can hold, or there are more of them.</exception>
    internal static void Add(ModelBuilder builder, IReadOnlyList<IReadOnlyList<string>> categories)
    {
        if (categories.All(texts => texts.Count == 0))
        {
            return;
        }

        var payload = new List<byte>();
        for (int i = 0; i < categories.Count; i++)
        {
            if (categories[i].Count > 0)
            {
                if (Math.Max(i, categories[i].Count) > ushort.MaxValue)
                {
                    throw new InputException(string.Create(CultureInfo.InvariantCulture, $"Input value {i} has {categories[i].Count} categories; a model file holds at most {ushort.MaxValue} of each of the first {ushort.MaxValue + 1} values; leave the column out, or join rare categories."));
                }

                AddNumber(payload, i);
                AddNumber(payload, categories[i].Count);
                foreach (string text in categories[i])
                {
                    AddText(payload, text);
                }
            }
        }

        builder.AddBytes(Key, [.. payload]);
    }

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

    private static void AddNumber(List<byte> payload, int number)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)number);
        payload.AddRange(bytes);
    }

    private static void AddText(List<byte> payload, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        if (bytes.Length > TextList.MaxBytes)
        {
            throw new InputException($"A category has a text of {bytes.Length} bytes, but a model file holds {TextList.MaxBytes}; leave the column out with --ignore, or shorten it.");
        }

        payload.AddRange(bytes.Length < 128 ? [(byte)bytes.Length] : [(byte)((bytes.Length & 127) | 128), (byte)(bytes.Length >> 7)]);
        payload.AddRange(bytes);
    }
}
