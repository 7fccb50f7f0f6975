using System.Globalization;

namespace EdgeDevice;

/// <summary>The line that trains a model on recorded samples: period, window and features of the settings, or usual ones, and a count that holds what was recorded.</summary>
internal static class SampleTraining
{
    private const int UsualWindow = 128;

    // As --signals of edge train calls them.
    private static readonly Dictionary<string, string> words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Mean"] = "mean", ["Variance"] = "variance", ["Rms"] = "rms", ["Peak"] = "peak", ["ZeroCrossingRate"] = "zero_crossing_rate", ["BandPower"] = "band_power",
    };

    internal static string Line(string path, LoopOptions loop)
    {
        (int window, int hop) = loop.Window > 1 ? (loop.Window, loop.Hop) : (UsualWindow, UsualWindow / 2);
        string[] features = loop.Features.Length > 0 ? loop.Features : ["Mean", "Rms", "BandPower"];
        string signals = string.Join(',', features.Select(name => words[name] + (words[name] == "band_power" ? $":{loop.Bands}" : "")));
        return string.Create(CultureInfo.InvariantCulture, $"Train with: edge train {path} --label label --sample-period {loop.PeriodMilliseconds / 1000} --window {window} --hop {hop} --signals {signals}{CountSize(path)} -o model.edge");
    }

    // 1, 2 or 5 times a power of ten, of which the values are at most half of an int16. None where samples are whole numbers, which are counts.
    private static string CountSize(string path)
    {
        double largest = 0;
        bool areCounts = true;
        foreach (string[] cells in File.ReadLines(path).Skip(1).Select(line => line.Split(',')))
        {
            // The first column is the time; quotes are in the label alone, which comes last.
            foreach (string cell in cells.Skip(1))
            {
                if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                {
                    break;
                }

                largest = Math.Max(largest, Math.Abs(value));
                areCounts &= value == Math.Round(value) && Math.Abs(value) <= short.MaxValue;
            }
        }

        if (areCounts)
        {
            return "";
        }

        double least = largest / (short.MaxValue / 2);
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double times = least / power;
        return " --count-size " + ((times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10) * power).ToString("G3", CultureInfo.InvariantCulture);
    }
}
