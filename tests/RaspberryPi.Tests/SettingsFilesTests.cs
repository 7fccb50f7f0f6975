using EdgeDevice;

namespace RaspberryPi.Tests;

/// <summary>What is said of a file of settings that is missing, or in whose place something else stands.</summary>
public sealed class SettingsFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-settings-file").FullName;

    private string Settings => Path.Combine(folder, "appsettings.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_missing_one_is_one_line()
    {
        string said = Said();
        Assert.Equal($"There is no '{Settings}': each setting that neither the command line nor the environment gives has its default. Copy the file that came with the program there.{Environment.NewLine}", said);
        File.WriteAllText(Settings, "{}");
        Assert.Equal("", Said());
    }

    [Theory]
    [InlineData("appsettings.json")]
    [InlineData("appsettings.Field.json")]
    public void A_folder_in_its_place_is_refused(string name)
    {
        File.WriteAllText(Settings, "{}");
        string path = Path.Combine(folder, name);
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.StartsWith($"'{path}' is ", Assert.Throws<IOException>(Said).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fifo_in_its_place_does_not_hang()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Debian.Run("mkfifo", Settings).ExitCode == 0, "mkfifo makes the pipe.");
        var exception = await Assert.ThrowsAsync<IOException>(() => Task.Run(Said, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.StartsWith($"'{Settings}' is a FIFO", exception.Message, StringComparison.Ordinal);
    }

    private string Said()
    {
        using var errors = new StringWriter();
        SettingsFiles.Require(folder, "Field", errors);
        return errors.ToString();
    }
}
