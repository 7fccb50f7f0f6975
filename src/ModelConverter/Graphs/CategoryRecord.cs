using System.Buffers.Binary;
using System.Globalization;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelConverter.Graphs;

/// <summary>
/// Writes the record that <see cref="InputCategories"/> reads.
/// </summary>
internal static class CategoryRecord
{
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

        builder.AddBytes(InputCategories.Key, [.. payload]);
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
