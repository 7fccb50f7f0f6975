using EdgeDevice;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RaspberryPi.Tests;

/// <summary>A setting that nothing would read is said, wherever it comes from.</summary>
public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("--Edge:Loop:Hop", "--Edge:Loop:Hop has no value; write --Edge:Loop:Hop=VALUE, without a space.")]
    [InlineData("--Egde:Loop:Hop=4", "--Egde:Loop:Hop=4 is no setting: 'Egde' is none of the sections Edge and Logging.")]
    public void A_setting_that_nothing_reads_is_refused(string argument, string sentence) =>
        Assert.Equal([sentence], Assert.Throws<OptionsValidationException>(() => CommandWords.Settings(["check", argument])).Failures);

    [Fact]
    public void Settings_are_told_from_words() =>
        Assert.Equal(["--edge:Loop:Hop=4", "--Logging:LogLevel:Default=None", "--Edge:Output:Class="], CommandWords.Settings(["replay", "--edge:Loop:Hop=4", "a:b", "--model", "--Logging:LogLevel:Default=None", "--Edge:Output:Class="]));

    [Theory]
    [InlineData("Egde:Loop:Hop", "4", "Egde:Loop is no section of settings; did you mean Edge:Loop?")]
    [InlineData("Logging:LogLevel:Default", "Informaton", "Logging:LogLevel:Default is 'Informaton', which is none of Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("Logging:Console:LogLevel:Default", "2", "Logging:Console:LogLevel:Default is '2', which is none of Trace, Debug, Information, Warning, Error, Critical, None.")]
    public void A_mistyped_section_or_level_is_refused(string key, string value, string sentence) =>
        Assert.Equal([sentence], Assert.Throws<OptionsValidationException>(() => Read(key, value)).Failures);

    [Theory]
    [InlineData("Logging:LogLevel:Default", "warning")]
    [InlineData("Logging:Console:FormatterName", "simple")]
    [InlineData("EDITOR", "vi")]
    [InlineData("Other:Loop:Hop", "4")]
    public void What_is_meant_for_others_is_let_be(string key, string value) => Assert.NotNull(Read(key, value));

    [Fact]
    public void A_file_of_settings_that_cannot_be_read_says_where()
    {
        string folder = Directory.CreateTempSubdirectory("edge-words").FullName;
        try
        {
            string file = Path.Combine(folder, "appsettings.json");
            File.WriteAllText(file, "{\n \"Edge\": { \"Loop\": {");
            using var errors = new StringWriter();
            Assert.Equal(1, EdgeDeviceProgram.Run(() => new ConfigurationBuilder().AddJsonFile(file).Build() is null ? 0 : 0, errors));
            Assert.Contains($"'{file}'. ", errors.ToString(), StringComparison.Ordinal);
            Assert.Contains("LineNumber: 1", errors.ToString(), StringComparison.Ordinal);
            Assert.Single(errors.ToString().TrimEnd().Split('\n'));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_name_of_a_parameter_is_nobodys_business()
    {
        using var errors = new StringWriter();
        Assert.Equal(1, EdgeDeviceProgram.Run(() => throw new ArgumentException("A class text must not contain a line break.", "label"), errors));
        Assert.Equal("A class text must not contain a line break.", errors.ToString().TrimEnd());
    }

    private static EdgeOptions Read(string key, string value) => EdgeOptions.Read(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());
}
