using System.Buffers.Binary;
using EdgeInference.ModelFormat.Training;

namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>
/// Writes the record that <see cref="FeatureStatistics"/> reads.
/// </summary>
internal static class TrainingStatistics
{
    /// <summary>The record of a table.</summary>
    /// <param name="table">The training rows.</param>
    internal static byte[] Write(LabelledTable table)
    {
        var bytes = new List<byte>();
        byte[] number = new byte[4];
        for (int feature = 0; feature < table.Names.Count; feature++)
        {
            double[] values = [.. table.Rows.Select(row => (double)row[feature]).Where(value => !double.IsNaN(value))];
            bytes.Add((byte)Math.Round((1 - ((double)values.Length / table.Rows.Count)) * FeatureStatistics.MissingUnit));
            if (feature < table.Categories.Count && table.Categories[feature].Count > 0)
            {
                var counts = new int[table.Categories[feature].Count];
                foreach (double value in values.Where(value => value < counts.Length))
                {
                    counts[(int)value]++;
                }

                foreach (int count in counts)
                {
                    Add(bytes, (ushort)Math.Round(count / (double)Math.Max(1, values.Length) * FeatureStatistics.ShareUnit));
                }

                continue;
            }

            double mean = values.Length == 0 ? 0 : values.Sum() / values.Length;
            double deviation = values.Length == 0 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
            float written = (float)mean;
            BinaryPrimitives.WriteSingleLittleEndian(number, written);
            bytes.AddRange(number);
            float scale = FeatureStatistics.Short(Up(deviation));
            Add(bytes, Up(deviation));
            Add(bytes, Up(values.Length == 0 || scale == 0 ? 0 : Math.Max(0, (written - values.Min()) / scale)));
            Add(bytes, Up(values.Length == 0 || scale == 0 ? 0 : Math.Max(0, (values.Max() - written) / scale)));
        }

        return [.. bytes];
    }

    // The upper half of a float32, rounded up: a range is never narrower than it was.
    private static ushort Up(double value)
    {
        float single = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(single < value ? MathF.BitIncrement(single) : single);
        return (ushort)Math.Min((bits + 0xFFFF) >> 16, 0x7F7F);
    }

    private static void Add(List<byte> bytes, ushort value)
    {
        bytes.Add((byte)value);
        bytes.Add((byte)(value >> 8));
    }
}
