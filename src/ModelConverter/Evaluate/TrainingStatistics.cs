using System.Buffers.Binary;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>What a feature was like in the training rows.</summary>
/// <param name="Mean">Mean of the values that are present.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
/// <param name="Missing">Share of rows without a value, 0 to 1; null where it is not known.</param>
/// <param name="Shares">Of a category: the share of each in the rows that have one; of a number: none.</param>
internal sealed record FeatureStatistics(double Mean, double Deviation, double Low, double High, double? Missing, IReadOnlyList<double> Shares);

/// <summary>
/// The record of a model file that says what its features were like in training, so that a report can tell whether data has drifted. Only
/// tools read it, and it is as short as that allows: 11 bytes a number; 1 byte and 2 for each text a category.
/// </summary>
internal static class TrainingStatistics
{
    /// <summary>The record's key.</summary>
    internal const MetadataKey Key = Plan.ModelWriter.StatisticsKey;

    private const int NumberBytes = 11;
    private const double MissingUnit = 255;
    private const double ShareUnit = 65_535;

    /// <summary>The record of a table.</summary>
    /// <param name="table">The training rows.</param>
    internal static byte[] Write(LabelledTable table)
    {
        var bytes = new List<byte>();
        byte[] number = new byte[4];
        for (int feature = 0; feature < table.Names.Count; feature++)
        {
            double[] values = [.. table.Rows.Select(row => (double)row[feature]).Where(value => !double.IsNaN(value))];
            bytes.Add((byte)Math.Round((1 - ((double)values.Length / table.Rows.Count)) * MissingUnit));
            if (feature < table.Categories.Count && table.Categories[feature].Count > 0)
            {
                var counts = new int[table.Categories[feature].Count];
                foreach (double value in values.Where(value => value < counts.Length))
                {
                    counts[(int)value]++;
                }

                foreach (int count in counts)
                {
                    Add(bytes, (ushort)Math.Round(count / (double)Math.Max(1, values.Length) * ShareUnit));
                }

                continue;
            }

            double mean = values.Length == 0 ? 0 : values.Sum() / values.Length;
            double deviation = values.Length == 0 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
            float written = (float)mean;
            BinaryPrimitives.WriteSingleLittleEndian(number, written);
            bytes.AddRange(number);
            float scale = Short(Up(deviation));
            Add(bytes, Up(deviation));
            Add(bytes, Up(values.Length == 0 || scale == 0 ? 0 : Math.Max(0, (written - values.Min()) / scale)));
            Add(bytes, Up(values.Length == 0 || scale == 0 ? 0 : Math.Max(0, (values.Max() - written) / scale)));
        }

        return [.. bytes];
    }

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
        IReadOnlyList<IReadOnlyList<string>> categories = CategoryRecord.Read(file);
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

    // The upper half of a float32, rounded up: a range is never narrower than it was.
    private static ushort Up(double value)
    {
        float single = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(single < value ? MathF.BitIncrement(single) : single);
        return (ushort)Math.Min((bits + 0xFFFF) >> 16, 0x7F7F);
    }

    private static float Short(ushort upper) => BitConverter.UInt32BitsToSingle((uint)upper << 16);

    private static void Add(List<byte> bytes, ushort value)
    {
        bytes.Add((byte)value);
        bytes.Add((byte)(value >> 8));
    }

    private static void Require(bool condition, int offset)
    {
        if (!condition)
        {
            throw new ModelFormatException("contract", offset, "the statistics of the training rows do not fit their record or the model");
        }
    }
}
