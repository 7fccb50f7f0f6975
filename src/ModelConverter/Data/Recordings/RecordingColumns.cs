namespace EdgeInference.ModelConverter.Data.Recordings;

/// <summary>Which columns of a recording are what.</summary>
/// <param name="Channels">Positions of the channels' columns, in the order of a sample's values.</param>
/// <param name="Label">Position of the label column, or −1.</param>
/// <param name="Time">Position of the column of seconds, or −1 where samples follow one another without a gap.</param>
/// <param name="Group">Position of the column of groups, or −1.</param>
internal sealed record RecordingColumns(int[] Channels, int Label, int Time, int Group)
{
    /// <summary>The name of the column of seconds, as <c>edge-device record --samples</c> writes it.</summary>
    internal const string TimeName = "time";

    /// <summary>The position of the column of seconds that has its usual name and is nothing else, or −1.</summary>
    internal static int UsualTime(CsvFile file, int[] channels, int label)
    {
        int column = Array.IndexOf(file.Header, TimeName);
        return column == label || channels.Contains(column) ? -1 : column;
    }
}
