using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace EdgeInference.Devices;

/// <summary>
/// How far each value of a model reached in its training rows: records 136 and 138 of docs/model-format.md, which <c>edge train</c>
/// writes. For a model without the statistics that <see cref="Runtime.Decision.OutlierScore"/> is made of.
/// </summary>
internal sealed class TrainingRanges
{
    private const MetadataKey Categories = (MetadataKey)136;
    private const MetadataKey Statistics = (MetadataKey)138;
    private const int NumberBytes = 11;

    private readonly float[] lowest;
    private readonly float[] highest;

    private TrainingRanges(int values)
    {
        lowest = new float[values];
        highest = new float[values];
    }

    /// <summary>Reads the ranges; null where the file has none, or has statistics for a score.</summary>
    /// <exception cref="ModelFormatException">The record does not fit the model.</exception>
    internal static TrainingRanges? Of(ModelFile file)
    {
        ModelMetadata metadata = file.Metadata;
        int at = metadata.PayloadOffset(Statistics);
        if (at < 0 || metadata.PayloadOffset(MetadataKey.InputStatistics) >= 0)
        {
            return null;
        }

        int end = at + metadata.PayloadLength(Statistics);
        int[] categories = CategoriesOf(file);
        var ranges = new TrainingRanges(categories.Length);
        for (int i = 0; i < categories.Length; i++)
        {
            int length = categories[i] > 0 ? 1 + (2 * categories[i]) : NumberBytes;
            Require(end - at >= length, at);
            ranges.Set(i, categories[i], file.Bytes.Memory.Span.Slice(at, length), at);
            at += length;
        }

        Require(at == end, at);
        return ranges;
    }

    /// <summary>Whether no value lies farther outside its range than a standard deviation, the default limit of record 11. A missing value lies nowhere.</summary>
    internal bool Hold(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length && i < lowest.Length; i++)
        {
            if (values[i] < lowest[i] || values[i] > highest[i])
            {
                return false;
            }
        }

        return true;
    }

    private void Set(int value, int categories, ReadOnlySpan<byte> bytes, int at)
    {
        if (categories > 0)
        {
            // A text that training did not know is the number behind the last.
            (lowest[value], highest[value]) = (0f, categories - 1);
            return;
        }

        float mean = BinaryPrimitives.ReadSingleLittleEndian(bytes[1..]);
        float deviation = Upper(bytes[5..]);
        float below = Upper(bytes[7..]);
        float above = Upper(bytes[9..]);
        Require(float.IsFinite(mean) && float.IsFinite(deviation) && deviation >= 0f && float.IsFinite(below) && float.IsFinite(above), at);

        // Of a constant its own size, as where record 10 is made.
        float slack = deviation > 0f ? deviation : Math.Max(1f, Math.Abs(mean));
        (lowest[value], highest[value]) = (mean - (below * deviation) - slack, mean + (above * deviation) + slack);
    }

    private static int[] CategoriesOf(ModelFile file)
    {
        int[] counts = new int[file.Inputs.Sum(tensor => tensor.Elements)];
        int at = file.Metadata.PayloadOffset(Categories);
        int end = at + file.Metadata.PayloadLength(Categories);
        while (at < end)
        {
            Require(end - at >= 4, at);
            int value = file.Bytes.U16(at);
            Require(value < counts.Length, at);
            counts[value] = file.Bytes.U16(at + 2);
            at += 4;
            for (int text = 0; text < counts[value]; text++)
            {
                at = TextList.Next(file.Bytes, at, end);
                Require(at <= end, at);
            }
        }

        return counts;
    }

    private static float Upper(ReadOnlySpan<byte> bytes) => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16);

    private static void Require(bool condition, int offset)
    {
        if (!condition)
        {
            throw new ModelFormatException("contract", offset, "the statistics of the training rows do not fit their record or the model");
        }
    }
}
