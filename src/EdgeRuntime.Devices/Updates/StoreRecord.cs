using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeInference.Devices;

/// <summary>The state of a store as text that a person can read, and that says whether it is whole.</summary>
internal static class StoreRecord
{
    /// <summary>More than the longest record takes.</summary>
    internal const int MostBytes = 64 * 1024;

    private const string Title = "edge model store 1";
    private const string Checksum = "sha256 ";

    /// <summary>The hash by which a store knows a model.</summary>
    internal static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static byte[] Write(StoreState state)
    {
        var text = new StringBuilder();
        Line($"{Title}");
        Line($"sequence {state.Sequence}");
        Line($"highest {state.Highest}");
        if (state.InUse is { } used)
        {
            Line($"in-use {used.Hash} {used.Version}");
        }

        if (state.OnTrial)
        {
            Line($"trial {state.Starts}");
        }

        if (state.Previous is { } before)
        {
            Line($"previous {before.Hash} {before.Version}");
        }

        foreach (string hash in state.TakenBack)
        {
            Line($"taken-back {hash}");
        }

        foreach (string hash in state.Replaced)
        {
            Line($"replaced {hash}");
        }

        Line($"{Checksum}{HashOf(Encoding.ASCII.GetBytes(text.ToString()))}");
        return Encoding.ASCII.GetBytes(text.ToString());

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The state of a record; null if it is damaged, or of a later program.</summary>
    internal static StoreState? Read(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.ASCII.GetString(bytes);
        int end = text.LastIndexOf(Checksum, StringComparison.Ordinal);
        if (end < 0 || text[end..] != $"{Checksum}{HashOf(bytes[..end])}\n")
        {
            return null;
        }

        string[] lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        StoreState? state = lines.Length > 0 && lines[0] == Title ? new StoreState() : null;
        foreach (string line in lines.Skip(1))
        {
            state = state is null ? null : Take(state, line.Split(' '));
        }

        return state;
    }

    private static StoreState? Take(StoreState state, string[] words) => words switch
    {
        ["sequence", var number] when Number(number) is { } sequence => state with { Sequence = sequence },
        ["highest", var number] when Number(number) is { } highest => state with { Highest = highest },
        ["in-use", var hash, var number] when Number(number) is { } version => state with { InUse = new StoredModel(hash, version) },
        ["trial", var number] when Number(number) is <= int.MaxValue and { } starts => state with { OnTrial = true, Starts = (int)starts },
        ["previous", var hash, var number] when Number(number) is { } version => state with { Previous = new StoredModel(hash, version) },
        ["taken-back", var hash] => state with { TakenBack = [.. state.TakenBack, hash] },
        ["replaced", var hash] => state with { Replaced = [.. state.Replaced, hash] },
        _ => null,
    };

    private static ulong? Number(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;
}
