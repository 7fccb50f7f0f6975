namespace Packages.Tests;

/// <summary>The icon of the packages is drawn from build/icon.svg. EDGE_UPDATE_DOCS=1 in the environment writes it again.</summary>
public sealed class IconTests
{
    [Fact]
    public void The_icon_is_the_drawing_in_pixels()
    {
        string path = Path.Combine(PackedFolder.Root(), "build", "icon.png");
        byte[] pixels = IconPicture.Draw(Path.Combine(PackedFolder.Root(), "build", "icon.svg"));
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1")
        {
            File.WriteAllBytes(path, IconPicture.ToPng(pixels));
        }

        byte[] png = File.ReadAllBytes(path);
        Assert.Equal(pixels, IconPicture.FromPng(png));

        // nuget.org refuses more than a megabyte; this is a picture of a few lines.
        Assert.InRange(png.Length, 1, 20_000);
    }
}
