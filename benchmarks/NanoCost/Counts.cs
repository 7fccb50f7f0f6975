using System.Globalization;

namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>Reads what the measuring programs wrote: lines of the program, and at each a line "INSN n" with the instructions so far.</summary>
internal static class Counts
{
    /// <summary>Machine instructions of a run by model.</summary>
    internal static Dictionary<string, long> Read(IEnumerable<string> lines)
    {
        var counts = new Dictionary<string, long>();
        var at = new Dictionary<string, long>();
        string name = "";
        long now = 0;
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["INSN", string count]:
                    now = long.Parse(count, CultureInfo.InvariantCulture);
                    break;
                case ["MODEL", string model]:
                    name = model;
                    break;
                case ["BEFORE" or "BETWEEN"]:
                    at[words[0]] = now;
                    break;
                case ["AFTER"]:
                    // What a line takes by itself is between the first two.
                    counts[name] = (now - at["BETWEEN"]) - (at["BETWEEN"] - at["BEFORE"]);
                    break;
            }
        }

        return counts;
    }
}
