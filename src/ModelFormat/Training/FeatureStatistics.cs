#nullable enable

using System.Buffers.Binary;

namespace EdgeInference.ModelFormat.Training;

/// <summary>
/// What an input value was like in the training rows, from the record of a model file that says it: for a report, which shows drift, and
/// for the trial of a model on a device. The record is as short as that allows: 11 bytes a number; 1 byte and 2 for each text a category.
/// </summary>
/// <param name="Mean">Mean of the values that are present.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
/// <param name="Missing">Share of rows without a value, 0 to 1; null where it is not known.</param>
/// <param name="Shares">Of a category: the share of each in the rows that have one; of a number: none.</param>
internal sealed record FeatureStatistics(double Mean, double Deviation, double Low, double High, double? Missing, IReadOnlyList<double> Shares)
{
    /// <summary>The record's key, TrainingStatistics in docs/model-format.md.</summary>
    internal const MetadataKey Key = (MetadataKey)138;

    /// <summary>A share of missing values is stored in parts of this.</summary>
    internal const double MissingUnit = 255;

    /// <summary>The share of a category is stored in parts of this.</summary>
    internal const double ShareUnit = 65_535;

    private const int NumberBytes = 11;

    /// <summary>What a file says of each input value; nothing where it does not.</summary>
    /// <exception cref="ModelFormatException">The record is damaged.</exception>
    internal static FeatureStatistics[] Read(ModelFile file)
    {
        int at = file.Metadata.PayloadOffset(Key);
        if (at < 0)
        {
            return [];
        }

        int end = at + file.Metadata.PayloadLength(Key);
        IReadOnlyList<IReadOnlyList<string>> categories = InputCategories.Read(file);
        var features = new FeatureStatistics[file.Inputs.Sum(tensor => tensor.Elements)];
        for (int feature = 0; feature < features.Length; feature++)
        {
            int texts = feature < categories.Count ? categories[feature].Count : 0;
            int length = texts > 0 ? 1 + (2 * texts) : NumberBytes;
            Require(end - at >= length, at);
            ReadOnlySpan<byte> bytes = file.Bytes.Memory.Span.Slice(at, length);
            double missing = bytes[0] / MissingUnit;
            if (texts > 0)
            {
                double[] shares = new double[texts];
                for (int i = 0; i < texts; i++)
                {
                    shares[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(1 + (2 * i))..]) / ShareUnit;
                }

                features[feature] = new FeatureStatistics(0, 1, 0, texts - 1, missing, shares);
            }
            else
            {
                float mean = BinaryPrimitives.ReadSingleLittleEndian(bytes[1..]);
                float deviation = Short(BinaryPrimitives.ReadUInt16LittleEndian(bytes[5..]));
                float low = Short(BinaryPrimitives.ReadUInt16LittleEndian(bytes[7..]));
                float high = Short(BinaryPrimitives.ReadUInt16LittleEndian(bytes[9..]));
                Require(float.IsFinite(mean) && float.IsFinite(deviation) && deviation >= 0 && float.IsFinite(low) && float.IsFinite(high), at);
                features[feature] = new FeatureStatistics(mean, deviation, mean - (low * deviation), mean + (high * deviation), missing, []);
            }

            at += length;
        }

        Require(at == end, at);
        return features;
    }

    /// <summary>A number of which the upper half is stored.</summary>
    internal static float Short(ushort upper) => BitConverter.UInt32BitsToSingle((uint)upper << 16);

    private static void Require(bool condition, int offset)
    {
        if (!condition)
        {
            throw new ModelFormatException("contract", offset, "the statistics of the training rows do not fit their record or the model");
        }
    }
}
