using System.Reflection;

namespace EdgeInference.Devices.Bindings.Tests.Wiring;

/// <summary>Pictures and lists of docs/wiring.md show the same wires. EDGE_UPDATE_DOCS=1 draws the pictures.</summary>
public sealed class WiringDocumentTests
{
    private static readonly string Root = typeof(WiringDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Root").Value!;

    public static TheoryData<string> Parts => [.. WiringLists.All.Select(list => list.Part)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_picture_is_that_of_the_list(string part)
    {
        (string _, string title, Wire[] wires, string note) = WiringLists.All.Single(list => list.Part == part);
        string path = Path.Combine(Root, "docs/wiring", part + ".svg");
        string picture = WiringPicture.Of(title, wires, note);
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, picture);
        }

        Assert.Equal(picture, File.ReadAllText(path));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_page_has_a_row_for_each_wire(string part)
    {
        string[] page = File.ReadAllLines(Path.Combine(Root, "docs/wiring.md"));
        int picture = Array.FindIndex(page, line => line.Contains($"(wiring/{part}.svg)", StringComparison.Ordinal));
        Assert.True(picture >= 0, $"docs/wiring.md does not show wiring/{part}.svg");
        int end = Array.FindIndex(page, picture, line => line.StartsWith("## ", StringComparison.Ordinal));
        string[] section = page[picture..(end < 0 ? page.Length : end)];
        string[] rows = [.. section.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.Equal(WiringLists.All.Single(list => list.Part == part).Wires.Select(wire => $"| {wire.Sensor} | {wire.Signal} | {wire.Pin} |"), rows);
    }
}
